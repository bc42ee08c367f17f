"""Timesheets told by their minutes alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.schemas.items import Timesheet
from tests.builders.items import MONDAY, entry, timesheet


def one_day(*minutes: int, day: date = MONDAY, **overrides: Any) -> Timesheet:
    """Ada's entries E-1, E-2 ... of one day, with so many minutes each."""
    entries = tuple(
        entry(id=f"E-{place}", work_date=day, minutes_worked=each)
        for place, each in enumerate(minutes, start=1)
    )
    return timesheet(entries=entries, **overrides)
