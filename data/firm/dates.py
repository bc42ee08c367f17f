"""The firm's calendar: weeks, months, office hours and the monthly billing cut-off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from data.firm.chance import Chance

CUT_OFF_DAY = 10
"""Invoices for a month leave by this day of the next month."""
CUT_OFF_TIME = time(18, 0, tzinfo=UTC)
FRIDAY, SATURDAY = 4, 5
LAST_DAYS_OF_MONTH = 5
SEASON_STARTS, SEASON_ENDS = (12, 22), (1, 4)


@cache
def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return _first_of_next_month(day) - timedelta(days=1)


def months_before(day: date, *, months: int) -> date:
    """The first day of the month that opens a span of `months` whole months ending with `day`'s."""
    index = day.year * 12 + (day.month - 1) - (months - 1)
    return date(index // 12, index % 12 + 1, 1)


@cache
def cut_off_at(billed_month_end: date) -> datetime:
    """When the invoices for the month that ends on `billed_month_end` must have left."""
    first = _first_of_next_month(billed_month_end)
    return datetime.combine(first.replace(day=CUT_OFF_DAY), CUT_OFF_TIME)


def mondays(start: date, *, end: date) -> Iterator[date]:
    """Every Monday from `start` to `end`."""
    monday = start + timedelta(days=-start.weekday() % 7)
    while monday <= end:
        yield monday
        monday += timedelta(days=7)


@cache
def is_month_end(monday: date) -> bool:
    """True when the working week that starts on `monday` touches the last days of a month."""
    friday = monday + timedelta(days=4)
    return friday.month != monday.month or (month_end(friday) - friday).days < LAST_DAYS_OF_MONTH


def is_season(day: date) -> bool:
    """True in the weeks around New Year, when few people work."""
    return (day.month, day.day) >= SEASON_STARTS or (day.month, day.day) <= SEASON_ENDS


def spans_around(gaps: Iterable[date], *, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The spans from `first` to `last`, both included, without the weeks of these Mondays."""
    start = first
    for monday in sorted(gaps):
        if start < monday:
            yield start, min(monday - timedelta(days=1), last)
        start = max(start, monday + timedelta(days=7))
    if start <= last:
        yield start, last


def local_moment(day: date, *, zone: str, hour: int, minute: int) -> datetime:
    """A wall-clock time in a zone, as UTC."""
    local = datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def in_office_hours(moment: datetime, *, chance: Chance) -> datetime:
    """The moment itself or the next one at which an office is open, never earlier."""
    opening, closing = 8, 18
    day = moment
    if not opening <= moment.hour < closing:
        day = moment + timedelta(days=1 if moment.hour >= closing else 0)
        day = day.replace(hour=opening, minute=chance.between(0, 59))
    if day.weekday() >= SATURDAY:
        day += timedelta(days=7 - day.weekday())
    return day.replace(second=chance.between(0, 59), microsecond=0) + timedelta(minutes=1)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
