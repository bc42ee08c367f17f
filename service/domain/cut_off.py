"""The billing cut-off: by when the invoice of a month's work must have left."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from data.schemas.items import AnyItem, Milestone

CUT_OFF_DAY = 10
"""The invoices for a month leave by this day of the next month, where nothing else is set."""


def cut_off_after(worked_until: date, *, day: int) -> datetime:
    """Give the end of that day of the month after the work, in UTC."""
    first_of_next = (worked_until.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(first_of_next.replace(day=day) + timedelta(days=1), time(0), tzinfo=UTC)


def last_day_of(item: AnyItem) -> date:
    """Give the day with which the work of an item ends.

    A milestone's ends with the client's last word on it, or where none is on record with its
    submission.
    """
    if isinstance(item, Milestone):
        told = [one.at.date() for one in item.acceptance]
        return max(told, default=item.submitted_at.date())
    return item.period_end


def month_of(item: AnyItem) -> str:
    """The month that an item is billed with, `2026-03`."""
    day = item.submitted_at.date() if isinstance(item, Milestone) else item.period_end
    return f"{day:%Y-%m}"
