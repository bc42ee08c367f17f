"""Calendars, regions, leave and overtime of the default person."""

from __future__ import annotations

from typing import Any

from data.schemas.calendars import Leave, OvertimeApproval, WorkingCalendar
from data.schemas.regions import Region
from tests.builders.items import MONDAY


def calendar(**overrides: Any) -> WorkingCalendar:
    """Eight hours from Monday to Friday, with the public holidays of Austria."""
    return WorkingCalendar(**({"id": "AT", "name": "Austria", "country": "AT"} | overrides))


def region(**overrides: Any) -> Region:
    """Austria, with the default calendar."""
    given = {
        "id": "AT",
        "name": "Austria",
        "country": "AT",
        "currency": "EUR",
        "zone": "Europe/Vienna",
        "calendar_id": "AT",
    }
    return Region(**(given | overrides))


def leave(**overrides: Any) -> Leave:
    """Ada's whole Monday, approved; it ends on its first day unless an end is given."""
    start = overrides.get("start", MONDAY)
    given = {"id": "LV-1", "person_id": "ada", "start": start, "end": start}
    return Leave(**(given | overrides))


def overtime(**overrides: Any) -> OvertimeApproval:
    """Ada may work any hours on Monday; it ends on its first day unless an end is given."""
    start = overrides.get("start", MONDAY)
    given = {
        "id": "OT-1",
        "person_id": "ada",
        "start": start,
        "end": start,
        "approved_by": "mia",
    }
    return OvertimeApproval(**(given | overrides))
