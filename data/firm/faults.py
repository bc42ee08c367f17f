"""Faults that rules can prove, planted one to a sheet; what they imply is worked out in `proofs`.

Work outside the period, over a ceiling or hours cap, and by unassigned people is not planted
here: it comes from the way contracts and stays were drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.drafts import (
    ApprovalFault,
    EntryDraft,
    SheetDraft,
    lines_by_person_day,
    minutes_by_person_day,
)
from data.firm.habits import handed_in_later
from data.firm.narratives import write_narrative
from data.firm.plans import HOURLY_EUR
from data.firm.work import FRIDAY
from data.firm.world import World
from data.schemas.catalogue import ExceptionCode

SHARES = {
    ExceptionCode.RATE_MISMATCH: 0.011,
    ExceptionCode.DAILY_HOURS_EXCEEDED: 0.009,
    ExceptionCode.DUPLICATE_TIME_ENTRY: 0.007,
    ExceptionCode.LATE_TIME_SUBMISSION: 0.010,
    ExceptionCode.APPROVAL_VIOLATION: 0.011,
    ExceptionCode.ALREADY_INVOICED: 0.006,
}
"""Share of timesheets that get each fault."""
FEWEST = 2
FORGOTTEN_SHARE = 0.006
"""Timesheets followed by an honest second one with a forgotten entry."""
LONGEST_COPY_MINUTES = 120
FULLEST_DAY_MINUTES = 480
"""Copies go to days with room, so that the copy alone does not break the daily limit."""
APPROVAL_FAULT_WEIGHTS = {
    ApprovalFault.SELF_APPROVED: 0.3,
    ApprovalFault.OVER_AUTHORITY: 0.25,
    ApprovalFault.CLIENT_MISSING: 0.2,
    ApprovalFault.EDITED_AFTERWARDS: 0.25,
}

Days = dict[tuple[str, date], int]
Planter = Callable[[SheetDraft, Chance], SheetDraft]


def plant_faults(
    sheets: Sequence[SheetDraft], *, world: World, chance: Chance
) -> tuple[SheetDraft, ...]:
    """The sheets with faults in some of them, and the few sheets that follow others."""
    minutes = minutes_by_person_day(sheets)
    booked = lines_by_person_day(sheets)
    deck = {sheet.key: sheet for sheet in chance.sample(sheets, count=len(sheets))}
    planted = {sheet.key: sheet for sheet in sheets}

    def may_grow(sheet: SheetDraft) -> bool:
        return bool(_days_alone(sheet, booked=booked))

    def is_old_enough(sheet: SheetDraft) -> bool:
        return (world.end - sheet.monday).days > 2 * sheet.plan.late_days

    for code, may_bear, plant in (
        (ExceptionCode.DAILY_HOURS_EXCEEDED, may_grow, _overlong(booked)),
        (ExceptionCode.LATE_TIME_SUBMISSION, is_old_enough, _too_late),
        (ExceptionCode.RATE_MISMATCH, _anything, _misrated),
        (ExceptionCode.APPROVAL_VIOLATION, _anything, _mis_signed),
        (ExceptionCode.ALREADY_INVOICED, _anything, _unchanged),
    ):
        count = _quota(SHARES[code], total=len(sheets))
        for sheet in _draw(deck, may_bear=may_bear, count=count):
            planted[sheet.key] = replace(plant(sheet, chance), planted=code)
    doubled, follow_ups = _copies(deck, minutes=minutes, total=len(sheets), chance=chance)
    return (*{**planted, **doubled}.values(), *follow_ups)


def _copies(
    deck: dict[int, SheetDraft], *, minutes: Days, total: int, chance: Chance
) -> tuple[dict[int, SheetDraft], list[SheetDraft]]:
    """Copy an entry inside its sheet or into a second sheet; other second sheets are honest."""

    def has_room(sheet: SheetDraft) -> bool:
        return bool(_copyable(sheet, minutes=minutes))

    doubled: dict[int, SheetDraft] = {}
    follow_ups: list[SheetDraft] = []
    code = ExceptionCode.DUPLICATE_TIME_ENTRY
    copies = _draw(deck, may_bear=has_room, count=_quota(SHARES[code], total=total))
    for number, sheet in enumerate(copies):
        copy = _copy(chance.pick(_copyable(sheet, minutes=minutes)), chance=chance)
        if number % 2 == 0:
            doubled[sheet.key] = replace(sheet, entries=(*sheet.entries, copy), planted=code)
        else:
            second = _follow_up(sheet, entry=copy, key=total + len(follow_ups), chance=chance)
            follow_ups.append(replace(second, planted=code))
    for sheet in _draw(deck, may_bear=has_room, count=_quota(FORGOTTEN_SHARE, total=total)):
        entry = _forgotten(sheet, minutes=minutes, chance=chance)
        follow_ups.append(
            _follow_up(sheet, entry=entry, key=total + len(follow_ups), chance=chance)
        )
    return doubled, follow_ups


def _draw(
    deck: dict[int, SheetDraft], *, may_bear: Callable[[SheetDraft], bool], count: int
) -> Iterator[SheetDraft]:
    """Take `count` fitting sheets off the deck, so that no sheet is chosen twice."""
    fitting = [key for key, sheet in deck.items() if may_bear(sheet)]
    for key in fitting[:count]:
        yield deck.pop(key)


def _quota(share: float, *, total: int) -> int:
    return max(FEWEST, round(share * total))


def _anything(_: SheetDraft) -> bool:
    return True


def _unchanged(sheet: SheetDraft, _: Chance) -> SheetDraft:
    return sheet


def _overlong(booked: dict[tuple[str, date], set[int]]) -> Planter:
    """Make one day longer than the contract allows, on a day that belongs to one sheet alone."""

    def plant(sheet: SheetDraft, chance: Chance) -> SheetDraft:
        day = chance.pick(_days_alone(sheet, booked=booked))
        place = next(n for n, entry in enumerate(sheet.entries) if entry.work_date == day)
        so_far = sum(entry.minutes_billable for entry in sheet.entries if entry.work_date == day)
        added = sheet.plan.max_daily_minutes - so_far + chance.between(2, 10) * 15
        entries = list(sheet.entries)
        minutes = entries[place].minutes_billable + added
        entries[place] = replace(entries[place], minutes_worked=minutes, minutes_billable=minutes)
        return replace(sheet, entries=tuple(entries))

    return plant


def _days_alone(sheet: SheetDraft, *, booked: dict[tuple[str, date], set[int]]) -> list[date]:
    """Days on which all that the person booked stands, fully billable, on this one sheet."""
    part_billable = {
        entry.work_date for entry in sheet.entries if entry.minutes_billable != entry.minutes_worked
    }
    return sorted(
        day
        for day in {entry.work_date for entry in sheet.entries} - part_billable
        if booked[sheet.person.id, day] == {sheet.key}
    )


def _too_late(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    days = sheet.plan.late_days - FRIDAY + chance.between(2, 18)
    return handed_in_later(sheet, days=days, chance=chance)


def _misrated(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Half of them bill the next higher category, half a rate that is a few percent too low."""
    categories = tuple(HOURLY_EUR)
    place = categories.index(sheet.person.labor_category)
    is_high = chance.happens(0.5) and place + 1 < len(categories)
    discount = chance.pick((0.92, 0.95, 0.965))
    entries = []
    for entry in sheet.entries:
        rate = round(entry.rate_minor * discount)
        if is_high:
            rate = sheet.line.card_rate_minor(categories[place + 1], day=entry.work_date)
        entries.append(replace(entry, rate_minor=rate))
    return replace(sheet, entries=tuple(entries))


def _mis_signed(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    ways = {
        way: weight
        for way, weight in APPROVAL_FAULT_WEIGHTS.items()
        if way is not ApprovalFault.CLIENT_MISSING or sheet.plan.is_client_sign_off_required
    }
    way = chance.weighted(tuple(ways), weights=tuple(ways.values()))
    return replace(sheet, approval_fault=way)


def _copyable(sheet: SheetDraft, *, minutes: Days) -> list[EntryDraft]:
    return [
        entry
        for entry in sheet.entries
        if entry.minutes_worked <= LONGEST_COPY_MINUTES
        and minutes[sheet.person.id, entry.work_date] <= FULLEST_DAY_MINUTES
    ]


def _copy(entry: EntryDraft, *, chance: Chance) -> EntryDraft:
    """The same work once more; only letter case and spacing may differ."""
    wording = chance.pick((entry.narrative, entry.narrative.upper(), f"  {entry.narrative} "))
    return replace(entry, narrative=wording)


def _forgotten(sheet: SheetDraft, *, minutes: Days, chance: Chance) -> EntryDraft:
    model = chance.pick(_copyable(sheet, minutes=minutes))
    task = chance.pick([task for task in sheet.line.project.tasks if task.id != model.task_id])
    wording = write_narrative(sheet.line.theme, task=task.name, chance=chance)
    return replace(model, task_id=task.id, narrative=f"{wording}, booked late", sign=None)


def _follow_up(sheet: SheetDraft, *, entry: EntryDraft, key: int, chance: Chance) -> SheetDraft:
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
