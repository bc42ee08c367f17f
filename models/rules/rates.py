"""Is the work billed at the rate that was agreed?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import EntryColumns, Ints
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import money


def rate_mismatch(facts: Facts) -> Hits:
    """T5: a rate that is not the rate card's on the work date, in either direction.

    Where the card has a rate for the place of the work that one holds, else the one for
    everywhere. Where no rate is agreed the whole amount is at risk. Work on a line of which we hold
    no contract has no agreed rate either; it cites no clause.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.RATE_SCHEDULE)
    card = facts.terms.rates.card(*_place_on_card(entries))
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


def rate_escalation_missed(facts: Facts) -> Hits:
    """T7: the rate of the card's version before the one in force on the work date.

    Only a version for the same line, category and place counts as the one before. A higher new
    rate leaks, a lower one is at risk.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.ESCALATION)
    rows = np.flatnonzero((clause != UNKNOWN) & (entries.minutes_billable > 0))
    where = [column[rows] for column in _place_on_card(entries)]
    card, prior = facts.terms.rates.card(*where), facts.terms.rates.prior(*where)
    is_hit = (prior != UNKNOWN) & (prior != card) & (entries.rate_minor[rows] == prior)
    hit = rows[is_hit]
    new_minor, old_minor = (np.zeros_like(entries.amount_minor) for _ in range(2))
    new_minor[rows], old_minor[rows] = card, prior
    due = amounts_minor(minutes=entries.minutes_billable, rate_minor=new_minor)
    return entry_hits(
        facts,
        hit,
        clause=clause,
        exposure_minor=entries.amount_minor - due,
        field="hourly_rate_minor",
        actual=lambda row: f"{money(int(old_minor[row]), facts.currency(row))}, the rate before",
        expected=lambda row: money(int(new_minor[row]), facts.currency(row)),
        summary="{rows} at the rate before the escalation",
    )


def _place_on_card(entries: EntryColumns) -> tuple[Ints, Ints, Ints, Ints]:
    """What a card rate depends on."""
    return entries.line, entries.category, entries.location, entries.work_day
