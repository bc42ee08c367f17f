"""Response times run while the desk works: adding working hours, and the end of a shift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.schemas.review_policy import WorkingHours


def after_working_hours(start: datetime, hours: float, *, desk: WorkingHours) -> datetime:
    """Give the moment at which so many working hours have passed since `start`, in UTC."""
    left = timedelta(hours=hours)
    for opens, closes in _shifts(start, desk=desk):
        begun = max(opens, start)
        if begun + left <= closes:
            return begun + left
        left -= closes - begun
    raise AssertionError("shifts never end")


def shift_end(now: datetime, *, desk: WorkingHours) -> datetime:
    """Give the end of the shift that runs, or of the next one where none does, in UTC."""
    return next(closes for _, closes in _shifts(now, desk=desk))


def _shifts(since: datetime, *, desk: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """Every shift that ends after `since`, in order, in wall-clock hours."""
    zone = ZoneInfo(desk.zone)
    day = since.astimezone(zone).date()
    while True:
        if day.weekday() in desk.weekdays:
            midnight = datetime.combine(day, time(), tzinfo=zone)
            opens = _at_hour(midnight, desk.start_hour)
            closes = _at_hour(midnight, desk.end_hour)
            if closes > since:
                yield opens, closes
        day += timedelta(days=1)


def _at_hour(midnight: datetime, hour: int) -> datetime:
    return (midnight + timedelta(hours=hour)).astimezone(UTC)
