"""How people really fill in timesheets: the signs a reader sees, more of them from the careless.

A sign is not a fault. `data.firm.hidden` decides, from all that can be seen, which are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from data.firm.chance import Chance
from data.firm.dates import FRIDAY, is_month_end, local_moment
from data.firm.drafts import EntryDraft, SheetDraft, Sign, lines_by_person_day
from data.firm.narratives import (
    write_again,
    write_foreign,
    write_narrative,
    write_overhead,
    write_vaguely,
)
from data.firm.trade import THEMES
from data.firm.work import SUBMISSION_HOURS, worded_apart
from data.firm.world import World
from data.schemas.people import Person

ROUND_MINUTES = 480
NEW_ON_LINE = timedelta(days=14)
DAYS_TO_MONDAY = 3
"""From Friday: a sheet with weekend work is handed in on Monday at the earliest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How careless each person is, from 0 to 1; nobody sees it, everybody sees what it does."""

    carelessness: dict[str, float]

    def of(self, person: Person) -> float:
        """The carelessness of a person."""
        return self.carelessness[person.id]


def draw_habits(world: World, *, chance: Chance) -> Habits:
    """Most people are careful; a few are not."""
    return Habits(carelessness={person.id: chance.beta(0.9, 3.2) for person in world.workers})


def is_new_on_line(sheet: SheetDraft) -> bool:
    """True in a person's first two weeks on a line."""
    return sheet.monday - sheet.spell.first_monday < NEW_ON_LINE


def show_habits(
    sheets: Sequence[SheetDraft], *, world: World, habits: Habits, chance: Chance
) -> tuple[SheetDraft, ...]:
    """The same timesheets as people hand them in, with their signs."""
    booked = lines_by_person_day(sheets)
    shown = []
    for sheet in sheets:
        alone = frozenset(
            entry.work_date
            for entry in sheet.entries
            if booked[sheet.person.id, entry.work_date] == {sheet.key}
        )
        careless = habits.of(sheet.person)
        shown.append(_show(sheet, alone=alone, careless=careless, end=world.end, chance=chance))
    return tuple(shown)


def _show(
    sheet: SheetDraft, *, alone: frozenset[date], careless: float, end: date, chance: Chance
) -> SheetDraft:
    hurry = 0.04 if is_month_end(sheet.monday) else 0.0
    new = 0.03 if is_new_on_line(sheet) else 0.0
    entries = sheet.entries
    is_round = chance.happens(0.06 + 0.35 * careless) and len(alone) > 1
    if is_round:
        entries = _rounded(entries, alone=alone)
    if chance.happens(0.03 + 0.10 * careless + hurry):
        entries = _lengthened(sheet, entries=entries, alone=alone, chance=chance)
    if chance.happens(0.04 + 0.22 * careless + hurry):
        entries = _vague(entries, chance=chance)
    if chance.happens(0.02 + 0.09 * careless + new):
        entries = _foreign(sheet, entries=entries, chance=chance)
    if chance.happens(0.025 + 0.08 * careless):
        entries = _overhead(entries, chance=chance)
    if chance.happens(0.02 + 0.12 * careless):
        entries = _repeated(entries, chance=chance)
    late = chance.between(1, 8) if chance.happens(0.10 + 0.30 * careless + hurry) else 0
    if chance.happens(0.03 + 0.06 * careless + hurry):
        entries = _weekend(sheet, entries=entries, end=end, chance=chance)
        late = max(late, DAYS_TO_MONDAY)
    shown = replace(sheet, entries=worded_apart(entries), is_round=is_round)
    return handed_in_later(shown, days=late, chance=chance) if late else shown


def handed_in_later(sheet: SheetDraft, *, days: int, chance: Chance) -> SheetDraft:
    """The sheet, submitted `days` after the Friday of its week, in the same wall-clock hours."""
    friday = sheet.monday + timedelta(days=FRIDAY)
    submitted_at = local_moment(
        friday + timedelta(days=days),
        zone=sheet.zone,
        hour=chance.between(*SUBMISSION_HOURS),
        minute=chance.between(0, 59),
    )
    return replace(sheet, submitted_at=submitted_at, days_late=days)


def _rounded(entries: Sequence[EntryDraft], *, alone: frozenset[date]) -> tuple[EntryDraft, ...]:
    """One block of eight hours a day, on the days that belong to this sheet alone."""
    kept: dict[date, EntryDraft] = {}
    others = []
    for entry in entries:
        if entry.work_date not in alone:
            others.append(entry)
        elif entry.work_date not in kept:
            kept[entry.work_date] = _with_minutes(entry, minutes=ROUND_MINUTES)
    return _in_order([*kept.values(), *others])


def _lengthened(
    sheet: SheetDraft,
    *,
    entries: Sequence[EntryDraft],
    alone: frozenset[date],
    chance: Chance,
) -> tuple[EntryDraft, ...]:
    """Some days grow to just under the daily limit of the contract."""
    days = set(chance.sample(sorted(alone), count=chance.between(2, 4)))
    totals: dict[date, int] = {}
    for entry in entries:
        totals[entry.work_date] = totals.get(entry.work_date, 0) + entry.minutes_worked
    grown = []
    for entry in entries:
        if entry.work_date in days:
            days.remove(entry.work_date)
            target = sheet.plan.max_daily_minutes - chance.between(0, 3) * 10
            minutes = entry.minutes_worked + target - totals[entry.work_date]
            grown.append(replace(_with_minutes(entry, minutes=minutes), sign=Sign.LONG))
        else:
            grown.append(entry)
    return tuple(grown)


def _vague(entries: Sequence[EntryDraft], *, chance: Chance) -> tuple[EntryDraft, ...]:
    share = chance.uniform(0.3, 1.0)
    return tuple(
        replace(entry, narrative=write_vaguely(chance), sign=entry.sign or Sign.VAGUE)
        if chance.happens(share)
        else entry
        for entry in entries
    )


def _foreign(
    sheet: SheetDraft, *, entries: Sequence[EntryDraft], chance: Chance
) -> tuple[EntryDraft, ...]:
    """One to three entries on a task the person does not usually book, in foreign words."""
    theme = chance.pick([theme for theme in THEMES if theme != sheet.line.theme])
    usual = sheet.spell.usual_task_ids
    unusual = [task.id for task in sheet.line.project.tasks if task.id not in usual]
    chosen = _free_places(entries, count=chance.between(1, 3), chance=chance)
    return tuple(
        replace(
            entry,
            task_id=chance.pick(unusual),
            narrative=write_foreign(theme, chance=chance),
            sign=Sign.FOREIGN,
        )
        if place in chosen
        else entry
        for place, entry in enumerate(entries)
    )


def _overhead(entries: Sequence[EntryDraft], *, chance: Chance) -> tuple[EntryDraft, ...]:
    chosen = _free_places(entries, count=chance.between(1, 2), chance=chance)
    return tuple(
        replace(entry, narrative=write_overhead(chance), sign=Sign.OVERHEAD)
        if place in chosen
        else entry
        for place, entry in enumerate(entries)
    )


def _repeated(entries: Sequence[EntryDraft], *, chance: Chance) -> tuple[EntryDraft, ...]:
    """One entry reads like the one of the day before, for the same minutes of the same task.

    The later entry only shrinks, so that the day stays inside its limit.
    """
    pairs = [
        (place, later)
        for place, entry in enumerate(entries)
        for later, other in enumerate(entries)
        if other.work_date - entry.work_date == timedelta(days=1)
        and other.minutes_worked >= entry.minutes_billable
        and entry.sign is None
        and other.sign is None
    ]
    if not pairs:
        return tuple(entries)
    first, second = chance.pick(pairs)
    copy = replace(
        _with_minutes(entries[second], minutes=entries[first].minutes_billable),
        task_id=entries[first].task_id,
        narrative=write_again(entries[first].narrative, chance=chance),
        sign=Sign.REPEAT,
    )
    return (*entries[:second], copy, *entries[second + 1 :])


def _weekend(
    sheet: SheetDraft, *, entries: Sequence[EntryDraft], end: date, chance: Chance
) -> tuple[EntryDraft, ...]:
    """A few hours on Saturday, unless the work is over by then."""
    saturday = sheet.monday + timedelta(days=FRIDAY + 1)
    if saturday > min(end, sheet.plan.last_work_day):
        return tuple(entries)
    model = chance.pick(entries)
    names = {task.id: task.name for task in sheet.line.project.tasks}
    extra = replace(
        _with_minutes(model, minutes=chance.between(8, 20) * 15),
        work_date=saturday,
        narrative=write_narrative(sheet.line.theme, task=names[model.task_id], chance=chance),
        rate_minor=sheet.line.card_rate_minor(
            sheet.person.labor_category, day=saturday, location=model.location
        ),
        recorded_at=datetime.combine(saturday, time(12, 0, tzinfo=UTC)),
        sign=Sign.WEEKEND,
    )
    return (*entries, extra)


def _with_minutes(entry: EntryDraft, *, minutes: int) -> EntryDraft:
    return replace(entry, minutes_worked=minutes, minutes_billable=minutes)


def _free_places(entries: Sequence[EntryDraft], *, count: int, chance: Chance) -> frozenset[int]:
    free = [place for place, entry in enumerate(entries) if entry.sign is None]
    return frozenset(chance.sample(free, count=count))


def _in_order(entries: Iterable[EntryDraft]) -> tuple[EntryDraft, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.work_date))
