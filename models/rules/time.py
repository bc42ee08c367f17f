"""Do the hours of a person fit into a day?"""

from __future__ import annotations

import numpy as np

from data.schemas.values import MINUTES_PER_DAY
from data.schemas.vocabulary import ClauseKind
from models.past.balances import Measure
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import hours


def daily_hours_exceeded(facts: Facts) -> Hits:
    """T11: the minutes of an entry beyond its person's day, over all lines; past 24 h critical.

    What is over belongs to the entries that arrive later or, inside one batch, count later.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.WORKING_TIME)
    limit = np.minimum(facts.terms.daily_minutes(clause), MINUTES_PER_DAY)
    worked = facts.used_before(Measure.DAY_MINUTES) + entries.minutes_worked
    over = np.clip(worked - limit, 0, entries.minutes_worked)
    billed_over = np.minimum(over, entries.minutes_billable)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=clause,
        exposure_minor=amounts_minor(minutes=billed_over, rate_minor=entries.rate_minor),
        field="minutes_worked",
        actual=lambda row: f"{hours(int(worked[row]))} that day with this entry",
        expected=lambda row: f"at most {hours(int(limit[row]))} a day",
        summary="{rows} beyond the hours of a day",
        is_critical=worked > MINUTES_PER_DAY,
    )
