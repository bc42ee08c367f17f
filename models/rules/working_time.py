"""Did the person work when they were meant to: within capacity, and not on leave or holidays?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Flags, Ints
from models.past.balances import Measure
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import hours


def overtime_not_authorized(facts: Facts) -> Hits:
    """T12: the minutes of an entry beyond the capacity of the day, or week, and its approvals.

    Capacity is what the person's calendar leaves after approved leave. All that the person works
    that day or week counts, on every line. Without a calendar there is nothing to compare with.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.OVERTIME)
    days = facts.terms.working_days
    is_judged = (clause != UNKNOWN) & days.has_calendar(entries.person)
    is_weekly = is_judged & days.is_weekly(clause)
    limit = _where(is_judged & ~is_weekly, days.allowed_minutes, facts)
    limit += _where(is_weekly, days.allowed_minutes_of_week, facts)
    before = np.where(
        is_weekly,
        facts.used_where(is_weekly, Measure.WEEK_MINUTES),
        facts.used_where(is_judged & ~is_weekly, Measure.DAY_MINUTES),
    )
    worked = before + entries.minutes_worked
    over = np.where(is_judged, np.clip(worked - limit, 0, entries.minutes_worked), 0)
    billed_over = np.minimum(over, entries.minutes_billable)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=clause,
        exposure_minor=amounts_minor(minutes=billed_over, rate_minor=entries.rate_minor),
        field="minutes_worked",
        actual=lambda row: (
            f"{hours(int(worked[row]))} that {'week' if is_weekly[row] else 'day'} with this entry"
        ),
        expected=lambda row: f"at most {hours(int(limit[row]))} of capacity and approved overtime",
        summary="{rows} of overtime nobody approved",
    )


def leave_or_holiday_conflict(facts: Facts) -> Hits:
    """T13: on leave, a public holiday or a free day, an entry longer than what the day leaves.

    A weekend alone is no conflict.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.WORKING_CALENDAR)
    days = facts.terms.working_days
    is_judged = (clause != UNKNOWN) & days.has_calendar(entries.person)
    is_closed = _where(is_judged, days.is_closed, facts) > 0
    leave = _where(is_judged, days.leave_minutes, facts)
    left = _where(is_judged, days.capacity_minutes, facts)
    is_hit = (is_closed | (leave > 0)) & (entries.minutes_worked > left)
    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=entries.amount_minor,
        field="minutes_worked",
        actual=lambda row: (
            f"{hours(int(entries.minutes_worked[row]))} on "
            f"{'a holiday' if is_closed[row] else 'a day of leave'}"
        ),
        expected=lambda row: f"at most {hours(int(left[row]))} left of the day",
        summary="{rows} on leave or a holiday",
    )


def _where(
    is_asked: Flags, of: Callable[[Ints, Ints], Ints | Flags], facts: Facts
) -> Ints:  # fmt: skip
    """Ask only for the rows it matters for: most contracts do not carry these clauses."""
    rows = np.flatnonzero(is_asked)
    found = np.zeros(len(is_asked), dtype=np.int64)
    found[rows] = of(facts.entries.person[rows], facts.entries.work_day[rows])
    return found
