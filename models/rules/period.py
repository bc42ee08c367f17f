"""Was the work done on a day the contract covers?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import day


def outside_period_of_performance(facts: Facts) -> Hits:
    """T1: billable work before the first or after the last day; both days are inside."""
    entries = facts.entries
    start, end = facts.terms.period(entries.line, entries.work_day)
    is_outside = (entries.work_day < start) | (entries.work_day > end)
    return entry_hits(
        facts,
        np.flatnonzero(is_outside & (entries.minutes_billable > 0)),
        clause=facts.entry_clause(ClauseKind.PERIOD_OF_PERFORMANCE),
        exposure_minor=entries.amount_minor,
        field="work_date",
        actual=lambda row: day(int(entries.work_day[row])),
        expected=lambda row: f"{day(int(start[row]))} to {day(int(end[row]))}",
        summary="{rows} outside the period of performance",
    )
