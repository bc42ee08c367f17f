"""Is the work billed at the rate that was agreed?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.columns import UNKNOWN
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import money


def rate_mismatch(facts: Facts) -> Hits:
    """T5: a rate that is not the rate card's on the work date, in either direction.

    Where no rate is agreed the whole amount is at risk. Work on a line of which we hold no
    contract has no agreed rate either; it cites no clause.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.RATE_SCHEDULE)
    card = facts.terms.card_rate(entries.line, entries.category, entries.work_day)
    is_priced = (clause != UNKNOWN) | ~facts.terms.is_known(entries.line)
    is_agreed = card != UNKNOWN
    due = amounts_minor(minutes=entries.minutes_billable, rate_minor=np.where(is_agreed, card, 0))
    is_hit = is_priced & (entries.minutes_billable > 0) & (entries.rate_minor != card)
    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=entries.amount_minor - due,
        field="hourly_rate_minor",
        actual=lambda row: money(int(entries.rate_minor[row]), facts.currency(row)),
        expected=lambda row: (
            money(int(card[row]), facts.currency(row)) if is_agreed[row] else "no rate agreed"
        ),
        summary="{rows} at a rate other than agreed",
    )
