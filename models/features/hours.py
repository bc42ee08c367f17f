"""How the time of a sheet lies in its days and weeks, and in those of its person before."""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Batch, EntryColumns, Floats, Ints
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.features.sheets import Sheets, sheets_of
from models.past.history import Past
from models.sums import Sums, key
from models.terms import Terms

WEEKS_BEFORE = 12
FEWEST_WEEKS = 3
"""With fewer weeks of work behind a person there is no usual week to compare with."""
EIGHT_HOURS_MINUTES, HALF_HOUR_MINUTES = 480, 30
TOGETHER_SECONDS = 600
"""Entries recorded within ten minutes were written down at once, not as the work was done."""
SECOND_US, SECOND_BITS = 1_000_000, 34
MONDAY_SHIFT = 3
"""1970-01-01 was a Thursday: (day + 3) % 7 is 0 on a Monday."""
SATURDAY = 5

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="entries", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0, delay=0),
            sentence="The timesheet has {value:.0f} entries"),
    Feature(name="hours_week", type=_T.HOURS, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="{value:.1f} hours are booked in the busiest week of this timesheet"),
    Feature(name="z_hours_12w", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="Weekly hours lie {value:.1f} standard deviations from the 12 weeks before"),
    Feature(name="max_day_hours", type=_T.HOURS, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="The longest day has {value:.1f} hours"),
    Feature(name="day_cap_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="The longest day reaches {value:.0%} of the daily limit of the contract"),
    Feature(name="hours_over_cap", type=_T.HOURS, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=1, dispute=1),
            sentence="A day lies {value:.1f} hours above the daily limit of the contract",
            below="The longest day stays {value:.1f} hours below the limit of the contract"),
    Feature(name="days_near_cap", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=1, dispute=1),
            sentence="{value:.0f} days end within half an hour of the daily limit or above"),
    Feature(name="longest_entry_hours", type=_T.HOURS, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="The longest entry has {value:.1f} hours"),
    Feature(name="weekend_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="{value:.0%} of the time was booked on a weekend"),
    Feature(name="round_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="{value:.0%} of the entries are blocks of exactly eight hours"),
    Feature(name="half_hour_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, dispute=0),
            sentence="{value:.0%} of the entries are whole or half hours"),
    Feature(name="same_value_run", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0),
            sentence="{value:.0f} entries in a row carry the same minutes"),
    Feature(name="recorded_together", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0),
            sentence="{value:.0f} entries were recorded within ten minutes"),
    Feature(name="unbilled_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="{value:.0%} of the time worked is not billed"),
)  # fmt: skip


def hours(batch: Batch, *, past: Past, terms: Terms) -> dict[str, Floats]:
    """Give the features of hours; an item without entries has none."""
    sheets = sheets_of(batch)
    if sheets is None:
        return {}
    before = past.entries
    values = {
        **_shape(sheets),
        **_weeks(sheets, before=before),
        **_days(sheets, before=before, terms=terms),
    }
    return {name: sheets.spread(column) for name, column in values.items()}


def _shape(sheets: Sheets) -> dict[str, Floats]:
    own, starts = sheets.entries, sheets.starts
    minutes = own.minutes_worked
    is_weekend = (own.work_day + MONDAY_SHIFT) % 7 >= SATURDAY
    worked = np.maximum(np.add.reduceat(minutes, starts), 1)
    unbilled = np.maximum(minutes - own.minutes_billable, 0)
    breaks = (np.diff(minutes, prepend=-1) != 0) | (np.diff(own.item, prepend=-1) != 0)
    run = np.cumsum(breaks) - 1
    return {
        "entries": sheets.count,
        "weekend_share": np.add.reduceat(minutes * is_weekend, starts) / worked,
        "unbilled_share": np.add.reduceat(unbilled, starts) / worked,
        "round_share": sheets.share(minutes == EIGHT_HOURS_MINUTES),
        "half_hour_share": sheets.share(minutes % HALF_HOUR_MINUTES == 0),
        "longest_entry_hours": np.maximum.reduceat(minutes, starts) / 60.0,
        "same_value_run": np.maximum.reduceat(np.bincount(run)[run], starts).astype(np.float64),
        "recorded_together": _together(sheets),
    }


def _together(sheets: Sheets) -> Floats:
    """The most entries of a sheet that were recorded within ten minutes."""
    own = sheets.entries
    moments = np.sort(own.item << SECOND_BITS | own.recorded_us // SECOND_US)
    last = np.searchsorted(moments, moments + TOGETHER_SECONDS, side="right")
    most = np.maximum.reduceat(last - np.arange(len(own)), sheets.starts)
    return most.astype(np.float64)


def _weeks(sheets: Sheets, *, before: EntryColumns) -> dict[str, Floats]:
    own, starts = sheets.entries, sheets.starts
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


def _days(sheets: Sheets, *, before: EntryColumns, terms: Terms) -> dict[str, Floats]:
    own, starts = sheets.entries, sheets.starts
    own_day = key(own.item, _zeros(own), own.work_day)
    person_day = key(own.person, _zeros(own), own.work_day)
    earlier = Sums.of(key(before.person, _zeros(before), before.work_day), before.minutes_worked)
    minutes = Sums.of(own_day, own.minutes_worked).at(own_day) + earlier.at(person_day)
    cap = _daily_cap(terms, line=own.line, day=own.work_day)
    over = minutes - cap
    is_first = np.zeros(len(own), dtype=np.bool_)
    is_first[np.unique(own_day, return_index=True)[1]] = True
    near = np.where(np.isnan(over), np.nan, (over >= -HALF_HOUR_MINUTES) & is_first)
    return {
        "max_day_hours": np.maximum.reduceat(minutes, starts) / 60.0,
        "day_cap_share": np.fmax.reduceat(minutes / cap, starts),
        "hours_over_cap": np.fmax.reduceat(over, starts) / 60.0,
        "days_near_cap": np.add.reduceat(near, starts),
    }


def _daily_cap(terms: Terms, *, line: Ints, day: Ints) -> Floats:
    """Minutes a day that the contract allows, NaN without a clause."""
    clause = terms.clause(ClauseKind.WORKING_TIME, line, day)
    return np.where(clause == UNKNOWN, np.nan, terms.daily_minutes(clause).astype(np.float64))


def _week(entries: EntryColumns) -> Ints:
    number: Ints = (entries.work_day + MONDAY_SHIFT) // 7
    return number


def _zeros(entries: EntryColumns) -> Ints:
    return np.zeros(len(entries), dtype=np.int64)
