"""Hours above capacity: who needs an approval for a week, and the approvals that were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from data.firm.calendars import calendar_of, is_working_day
from data.firm.dates import spans_around
from data.firm.drafts import SheetDraft
from data.firm.world import World
from data.schemas.calendars import OvertimeApproval
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import OvertimePeriod
from data.schemas.vocabulary import ClauseKind

WEEK = timedelta(days=7)
DAYS = 7
MOST_MINUTES = 360
"""What a limited approval allows a day: more than the longest honest day needs."""
ROOM_MINUTES = 15
"""A sheet counts as overtime when it is this far above capacity."""

Days = dict[tuple[str, date], int]


def capacity_minutes(country: str, day: date) -> int:
    """What a person works on a day, before leave."""
    is_working = is_working_day(country, day)
    return calendar_of(country).minutes_by_weekday[day.weekday()] if is_working else 0


def is_due(sheet: SheetDraft, *, minutes: Days) -> bool:
    """True when the contract asks for approved overtime and the week holds some."""
    if ClauseKind.OVERTIME not in sheet.plan.duties:
        return False
    over = {
        day: minutes.get((sheet.person.id, day), 0) - capacity_minutes(sheet.person.country, day)
        for day in (sheet.monday + timedelta(days=number) for number in range(DAYS))
    }
    if sheet.plan.overtime_period is OvertimePeriod.WEEK:
        return sum(over.values()) >= ROOM_MINUTES
    return any(over[entry.work_date] >= ROOM_MINUTES for entry in sheet.entries)


def approve_overtime(sheets: Sequence[SheetDraft], *, world: World) -> tuple[OvertimeApproval, ...]:
    """Standing approvals of everybody who may need one, without the weeks that lack theirs."""
    gaps: dict[str, set[date]] = defaultdict(set)
    for sheet in sheets:
        if ClauseKind.OVERTIME in sheet.plan.duties:
            missing = gaps[sheet.person.id]
            if sheet.planted is ExceptionCode.OVERTIME_NOT_AUTHORIZED:
                missing.add(sheet.monday)
    spans = [
        (person_id, start, end)
        for person_id, missing in sorted(gaps.items())
        for start, end in spans_around(missing, first=world.start - WEEK, last=world.end + WEEK)
    ]
    return tuple(
        OvertimeApproval(
            id=f"{world.practice}OT-{number:04d}",
            person_id=person_id,
            start=start,
            end=end,
            minutes_per_day=MOST_MINUTES if number % 3 == 0 else None,
            approved_by=world.partner.id,
        )
        for number, (person_id, start, end) in enumerate(spans, start=1)
    )
