"""Was the person meant to do this work, qualified for it, and within the plan?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.past.balances import Measure
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import day, hours


def key_personnel_substitution(facts: Facts) -> Hits:
    """T8: billable work of a person who is not on the client's list on the work date."""
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.KEY_PERSONNEL)
    is_approved = facts.terms.staffing.is_approved(clause, entries.person, entries.work_day)
    is_hit = (clause != UNKNOWN) & ~is_approved & (entries.minutes_billable > 0)
    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=entries.amount_minor,
        field="person_id",
        actual=lambda row: f"{facts.person_id(row)} on {day(int(entries.work_day[row]))}",
        expected=lambda _: "a person approved by the client for that day",
        summary="{rows} of a person the client has not approved",
    )


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


def assignment_effort_exceeded(facts: Facts) -> Hits:
    """T10: the minutes of an entry beyond the effort planned for the person.

    A plan for the task is compared with all work on the task, one for the whole project with all
    work on the project. The tolerance is that of the staffing plan in force on the work date.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.STAFFING_PLAN)
    staffing = facts.terms.staffing
    planned, is_of_task = staffing.planned_minutes(entries.person, entries.project, entries.task)
    limit = staffing.with_tolerance(planned, clause)
    is_limited = (clause != UNKNOWN) & (planned != UNKNOWN)
    before = np.where(
        is_of_task,
        facts.used_where(is_limited & is_of_task, Measure.TASK_MINUTES),
        facts.used_where(is_limited & ~is_of_task, Measure.PROJECT_MINUTES),
    )
    used = before + entries.minutes_worked
    over = np.where(is_limited, np.clip(used - limit, 0, entries.minutes_worked), 0)
    billed_over = np.minimum(over, entries.minutes_billable)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=clause,
        exposure_minor=amounts_minor(minutes=billed_over, rate_minor=entries.rate_minor),
        field="minutes_worked",
        actual=lambda row: (
            f"{hours(int(used[row]))} on the {'task' if is_of_task[row] else 'project'} "
            "with this entry"
        ),
        expected=lambda row: (
            f"at most {hours(int(limit[row]))}, of {hours(int(planned[row]))} planned"
        ),
        summary="{rows} beyond the planned effort",
    )
