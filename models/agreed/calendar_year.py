"""One year of a working calendar, day by day: minutes of work, and the days that are closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from holidays import country_holidays

from data.schemas.calendars import WorkingCalendar
from models.columns import Flags, Ints, day_number

WEEKDAY_SHIFT = 3
"""1970-01-01 was a Thursday: (day + 3) % 7 counts from Monday, 0, to Sunday, 6."""
YEARS_KEPT = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """Columns by day of the year, from 1 January, place 0."""

    first_day: int
    minutes: Ints
    """Capacity: 0 on closed days."""
    is_closed: Flags
    """A public holiday or a free day; a weekend alone is not closed."""


@lru_cache(maxsize=YEARS_KEPT)
def calendar_year(calendar: WorkingCalendar, *, year: int) -> CalendarYear:
    """Lay out a year of a calendar; equal calendars give the same columns."""
    first_day, end = day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1))
    weekday = (np.arange(first_day, end) + WEEKDAY_SHIFT) % len(calendar.minutes_by_weekday)
    is_closed = np.zeros(end - first_day, dtype=np.bool_)
    for day in closed_days(calendar, year=year):
        is_closed[day_number(day) - first_day] = True
    minutes = np.array(calendar.minutes_by_weekday, dtype=np.int64)[weekday]
    return CalendarYear(
        first_day=first_day, minutes=np.where(is_closed, 0, minutes), is_closed=is_closed
    )


def closed_days(calendar: WorkingCalendar, *, year: int) -> set[date]:
    """Give the public holidays on which nobody works, and the free days, of one year."""
    public = _public_holidays(calendar.country, calendar.subdivision, year=year)
    closed = (set(public) - set(calendar.working_days)) | set(calendar.free_days)
    return {day for day in closed if day.year == year}


def _public_holidays(
    country: str | None, subdivision: str | None, *, year: int
) -> Iterable[date]:  # fmt: skip
    """Those of the country where its part is not known, and none where the country is not."""
    if country is None:
        return ()
    try:
        return country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError:
        return () if subdivision is None else _public_holidays(country, None, year=year)
