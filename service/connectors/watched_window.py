"""How far back rows of a business system are watched for edits and deletes."""

from __future__ import annotations

from datetime import date, timedelta

LOOK_BACK = timedelta(days=35)
"""A month and some days before the oldest month that is still billed: people correct late."""


def watched_since(today: date, *, cut_off_day: int) -> date:
    """Give the first day watched: 35 days before the billing period that is still open.

    The month before is open until the cut-off day of this one, by which its invoices leave.
    """
    month = today.replace(day=1)
    if today.day <= cut_off_day:
        month = (month - timedelta(days=1)).replace(day=1)
    return month - LOOK_BACK
