"""The regions that come with the product, read from the files beside this one."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from data.schemas.calendars import WorkingCalendar
from data.schemas.regions import Region
from data.schemas.values import Record


class RegionFile(Record):
    """One country: its practice, and the calendar its people work by."""

    region: Region
    calendar: WorkingCalendar


def shipped_regions() -> tuple[dict[str, Region], dict[str, WorkingCalendar]]:
    """Give every shipped region and calendar by id; the dicts are the caller's own.

    Raises pydantic's ValidationError if a file is wrong, naming the field.
    """
    read = _read_files()
    return (
        {one.region.id: one.region for one in read},
        {one.calendar.id: one.calendar for one in read},
    )


@cache
def _read_files() -> tuple[RegionFile, ...]:
    found = (one for one in files("data.regions").iterdir() if one.name.endswith(".yaml"))
    return tuple(_read(one) for one in sorted(found, key=lambda one: one.name))


def _read(file: Traversable) -> RegionFile:
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    return RegionFile.model_validate_json(json.dumps(raw, default=date.isoformat))
