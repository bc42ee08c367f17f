"""Was the person meant to do this work?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.columns import UNKNOWN
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import day


def unassigned_resource(facts: Facts) -> Hits:
    """T9: billable work of a person with no place on the project or task that day.

    Holds only where a staffing plan is part of the terms.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.STAFFING_PLAN)
    is_assigned = facts.terms.is_assigned(
        entries.person, entries.project, entries.task, entries.work_day
    )
    is_hit = (clause != UNKNOWN) & ~is_assigned & (entries.minutes_billable > 0)
    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=entries.amount_minor,
        field="work_date",
        actual=lambda row: f"no assignment on {day(int(entries.work_day[row]))}",
        expected=lambda _: "an assignment to the project or the task on that day",
        summary="{rows} of a person who was not assigned",
    )
