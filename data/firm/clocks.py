"""The time of day of work: a third of the people clock in and out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from data.firm.changes import changed
from data.firm.dates import local_moment
from data.firm.drafts import EntryDraft, SheetDraft
from data.firm.world import World

EVERY = 3
OPENING_HOUR = 6
"""Early enough that the longest day ends before midnight."""
OVERLAP_MINUTES = 40


def clocked_people(world: World) -> frozenset[str]:
    """Who clocks in and out: every third person."""
    return frozenset(person.id for person in world.workers[::EVERY])


def clock_entries(sheets: Sequence[SheetDraft], *, world: World) -> tuple[SheetDraft, ...]:
    """Give each entry of clocked people its time of day: one after the other, on all lines."""
    clocked = clocked_people(world)
    ends: dict[tuple[str, date], datetime] = {}
    started: dict[int, list[EntryDraft]] = defaultdict(list)
    for sheet in sorted(sheets, key=lambda one: (one.submitted_at, one.key)):
        if sheet.person.id in clocked:
            for entry in sheet.entries:
                started[sheet.key].append(_clocked(sheet, entry, ends=ends))
    return tuple(
        changed(sheet, entries=tuple(started[sheet.key])) if sheet.key in started else sheet
        for sheet in sheets
    )


def _clocked(
    sheet: SheetDraft, entry: EntryDraft, *, ends: dict[tuple[str, date], datetime]
) -> EntryDraft:
    place = (sheet.person.id, entry.work_date)
    opening = local_moment(entry.work_date, zone=sheet.zone, hour=OPENING_HOUR, minute=0)
    start = ends.get(place, opening)
    if entry.is_overlapping:
        start -= timedelta(minutes=OVERLAP_MINUTES)
    end = start + timedelta(minutes=entry.minutes_worked)
    ends[place] = max(end, ends.get(place, end))
    return changed(entry, started_at=start, ended_at=end)
