"""Second entries and second sheets: work recorded twice, and work that was forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.drafts import EntryDraft, SheetDraft
from data.firm.narratives import write_narrative

LONGEST_COPY_MINUTES = 120
FULLEST_DAY_MINUTES = 480
"""Copies go to days with room, so that the copy alone does not break the daily limit."""

Days = dict[tuple[str, date], int]


def copyable(sheet: SheetDraft, *, minutes: Days) -> list[EntryDraft]:
    """Short entries on days with room for one more."""
    return [
        entry
        for entry in sheet.entries
        if entry.minutes_worked <= LONGEST_COPY_MINUTES
        and minutes[sheet.person.id, entry.work_date] <= FULLEST_DAY_MINUTES
    ]


def repeated(entry: EntryDraft, *, chance: Chance) -> EntryDraft:
    """The same work once more; only letter case and spacing may differ."""
    wording = chance.pick((entry.narrative, entry.narrative.upper(), f"  {entry.narrative} "))
    return replace(entry, narrative=wording)


def forgotten(sheet: SheetDraft, *, minutes: Days, chance: Chance) -> EntryDraft:
    """Other work of the same week, remembered late."""
    model = chance.pick(copyable(sheet, minutes=minutes))
    task = chance.pick([task for task in sheet.line.project.tasks if task.id != model.task_id])
    wording = write_narrative(sheet.line.theme, task=task.name, chance=chance)
    return replace(model, task_id=task.id, narrative=f"{wording}, booked late", sign=None)


def follow_up(sheet: SheetDraft, *, entry: EntryDraft, key: int, chance: Chance) -> SheetDraft:
    """A second sheet for the same week and line, handed in a few days after the first."""
    submitted_at = sheet.submitted_at + timedelta(days=1, minutes=chance.between(0, 30))
    recorded_at = submitted_at - timedelta(minutes=2)
    return replace(
        sheet,
        key=key,
        follows=sheet.key,
        submitted_at=submitted_at,
        days_late=sheet.days_late + 1,
        entries=(replace(entry, recorded_at=recorded_at),),
        is_round=False,
    )
