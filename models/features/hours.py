"""How the time of a sheet lies in the life of its person: weeks, days, tasks and projects."""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Batch, EntryColumns, Floats, Ints
from models.past.history import Past
from models.sums import Sums, key, without_second
from models.terms import Terms

WEEKS_BEFORE = 12
FEWEST_WEEKS = 3
"""With fewer weeks of work behind a person there is no usual week to compare with."""
EIGHT_HOURS_MINUTES = 480
USUAL_TASK_SHARE = 0.05
FEWEST_ENTRIES_ON_PROJECT = 10
MONDAY_SHIFT = 3
"""1970-01-01 was a Thursday: (day + 3) % 7 is 0 on a Monday."""
SATURDAY = 5


def hours(batch: Batch, *, past: Past, terms: Terms) -> dict[str, Floats]:
    """Give the features of hours; a milestone has none."""
    own = batch.entries
    if len(own) == 0:
        return {}
    sheets = np.flatnonzero(np.diff(batch.first_entry))
    starts = batch.first_entry[sheets]
    before = past.entries.take(np.isin(past.entries.person, batch.person[sheets]))
    values = {
        **_shape(own, starts=starts),
        **_weeks(own, before=before, starts=starts),
        **_days(own, before=before, starts=starts, terms=terms),
        **_places(own, before=before, starts=starts),
    }
    return {
        name: _spread(column, sheets=sheets, size=len(batch)) for name, column in values.items()
    }


def _shape(own: EntryColumns, *, starts: Ints) -> dict[str, Floats]:
    count = np.diff(np.append(starts, len(own))).astype(np.float64)
    minutes = own.minutes_worked
    is_weekend = (own.work_day + MONDAY_SHIFT) % 7 >= SATURDAY
    worked = np.maximum(np.add.reduceat(minutes, starts), 1)
    breaks = (np.diff(minutes, prepend=-1) != 0) | (np.diff(own.item, prepend=-1) != 0)
    run = np.cumsum(breaks) - 1
    return {
        "entries": count,
        "weekend_share": np.add.reduceat(minutes * is_weekend, starts) / worked,
        "round_share": np.add.reduceat((minutes == EIGHT_HOURS_MINUTES) * 1.0, starts) / count,
        "same_value_run": np.maximum.reduceat(np.bincount(run)[run], starts).astype(np.float64),
    }


def _weeks(own: EntryColumns, *, before: EntryColumns, starts: Ints) -> dict[str, Floats]:
    earlier = Sums.of(key(before.person, _zeros(before), _week(before)), before.minutes_worked)
    week = _week(own)
    this = Sums.of(key(own.item, _zeros(own), week), own.minutes_worked)
    total = this.at(key(own.item, _zeros(own), week)) + earlier.at(
        key(own.person, _zeros(own), week)
    )
    busiest = np.maximum.reduceat(total, starts) / 60.0
    back = np.arange(1, WEEKS_BEFORE + 1)
    person, first = own.person[starts][:, None], np.minimum.reduceat(week, starts)[:, None]
    weeks = earlier.at(key(person, np.zeros_like(person), np.maximum(first - back, 0))) / 60.0
    return {"hours_week": busiest, "z_hours_12w": _distance(busiest, weeks=weeks)}


def _distance(hours_now: Floats, *, weeks: Floats) -> Floats:
    """Standard deviations from the mean of the weeks with any work; never less than an hour."""
    is_worked = weeks > 0
    count = is_worked.sum(axis=1)
    mean = weeks.sum(axis=1) / np.maximum(count, 1)
    spread = np.where(is_worked, weeks - mean[:, None], 0.0)
    deviation = np.sqrt((spread**2).sum(axis=1) / np.maximum(count - 1, 1))
    distance: Floats = (hours_now - mean) / np.maximum(deviation, 1.0)
    return np.where(count >= FEWEST_WEEKS, distance, np.nan)


def _days(
    own: EntryColumns, *, before: EntryColumns, starts: Ints, terms: Terms
) -> dict[str, Floats]:
    own_day = key(own.item, _zeros(own), own.work_day)
    person_day = key(own.person, _zeros(own), own.work_day)
    earlier = Sums.of(key(before.person, _zeros(before), before.work_day), before.minutes_worked)
    minutes = Sums.of(own_day, own.minutes_worked).at(own_day) + earlier.at(person_day)
    cap = _daily_cap(terms, line=own.line, day=own.work_day)
    others = Sums.of(key(before.person, before.project, before.work_day))
    is_counted = others.at(key(own.person, own.project, own.work_day)) > 0
    projects = Sums.of(without_second(others.keys)).at(person_day) + ~is_counted
    return {
        "max_day_hours": np.maximum.reduceat(minutes, starts) / 60.0,
        "day_cap_share": np.fmax.reduceat(minutes / cap, starts),
        "projects_on_day": np.maximum.reduceat(projects, starts).astype(np.float64),
    }


def _daily_cap(terms: Terms, *, line: Ints, day: Ints) -> Floats:
    """Minutes a day that the contract allows, NaN without a clause."""
    clause = terms.clause(ClauseKind.WORKING_TIME, line, day)
    return np.where(clause == UNKNOWN, np.nan, terms.daily_minutes(clause).astype(np.float64))


def _places(own: EntryColumns, *, before: EntryColumns, starts: Ints) -> dict[str, Floats]:
    on_task = Sums.of(key(before.person, before.task)).at(key(own.person, own.task))
    on_project = Sums.of(key(before.person, before.project)).at(key(own.person, own.project))
    is_unusual = (on_project >= FEWEST_ENTRIES_ON_PROJECT) & (
        on_task < USUAL_TASK_SHARE * on_project
    )
    count = np.diff(np.append(starts, len(own)))
    days = Sums.of(key(before.person, before.project, before.work_day))
    person, project = own.person[starts], own.project[starts]
    first_day = np.minimum.reduceat(own.work_day, starts)
    days_before = days.count_between(key(person, project), key(person, project, first_day))
    return {
        "unusual_task_share": np.add.reduceat(is_unusual * 1.0, starts) / count,
        "project_days_before": days_before.astype(np.float64),
    }


def _week(entries: EntryColumns) -> Ints:
    number: Ints = (entries.work_day + MONDAY_SHIFT) // 7
    return number


def _zeros(entries: EntryColumns) -> Ints:
    return np.zeros(len(entries), dtype=np.int64)


def _spread(column: Floats, *, sheets: Ints, size: int) -> Floats:
    wide = np.full(size, np.nan)
    wide[sheets] = column
    return wide
