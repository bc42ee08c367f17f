"""The signs a careful reader may notice on a timesheet, and honest work that looks like them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from data.firm.chance import Chance
from data.firm.dates import FRIDAY
from data.firm.drafts import EntryDraft, SheetDraft, Sign
from data.firm.narratives import (
    write_again,
    write_block,
    write_favour,
    write_foreign,
    write_like_favour,
    write_like_overhead,
    write_narrative,
    write_overhead,
    write_slang,
    write_vaguely,
    write_with_example,
)
from data.firm.trade import THEMES

ROUND_MINUTES = 480
BLOCK_MINUTES = 240
"""An entry above this length should say how long each activity took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A timesheet while its signs are put on it."""

    sheet: SheetDraft
    alone: frozenset[date]
    """Days on which the person booked nothing elsewhere."""
    last_day: date
    """The last day on which the person may work."""
    chance: Chance

    def words(self, entry: EntryDraft) -> str:
        """The name of an entry's task."""
        tasks = self.sheet.line.project.tasks
        return next(task.name for task in tasks if task.id == entry.task_id)


Entries = tuple[EntryDraft, ...]
Change = Callable[[Week, Entries], Entries]


def with_round_days(week: Week, entries: Entries) -> Entries:
    """One block of eight hours a day, on the days that belong to this sheet alone."""
    kept: dict[date, EntryDraft] = {}
    others = []
    for entry in entries:
        if entry.work_date not in week.alone:
            others.append(entry)
        elif entry.work_date not in kept:
            kept[entry.work_date] = _with_minutes(entry, minutes=ROUND_MINUTES)
    return _in_order([*kept.values(), *others])


def with_long_days(week: Week, entries: Entries) -> Entries:
    """Some days grow to just under the daily limit of the contract."""
    chance = week.chance
    days = set(chance.sample(sorted(week.alone), count=chance.between(2, 4)))
    totals: dict[date, int] = {}
    for entry in entries:
        totals[entry.work_date] = totals.get(entry.work_date, 0) + entry.minutes_worked
    grown = []
    for entry in entries:
        if entry.work_date in days:
            days.remove(entry.work_date)
            target = week.sheet.plan.max_daily_minutes - chance.between(0, 3) * 10
            minutes = entry.minutes_worked + target - totals[entry.work_date]
            grown.append(replace(_with_minutes(entry, minutes=minutes), sign=Sign.LONG))
        else:
            grown.append(entry)
    return tuple(grown)


def with_vague_words(week: Week, entries: Entries) -> Entries:
    """A part of the narratives says nothing."""
    share = week.chance.uniform(0.3, 1.0)
    return tuple(
        replace(entry, narrative=write_vaguely(week.chance), sign=Sign.VAGUE)
        if entry.sign is None and week.chance.happens(share)
        else entry
        for entry in entries
    )


def with_foreign_work(week: Week, entries: Entries) -> Entries:
    """One to three entries on a task the person does not usually book, in foreign words."""
    chance, sheet = week.chance, week.sheet
    theme = _other_theme(week)
    usual = sheet.spell.usual_task_ids
    unusual = [task.id for task in sheet.line.project.tasks if task.id not in usual]

    def change(entry: EntryDraft) -> EntryDraft:
        words = write_foreign(theme, chance=chance)
        task_id = chance.pick(unusual)
        return replace(entry, task_id=task_id, narrative=words, sign=Sign.FOREIGN)

    return _on_some(week, entries, count=chance.between(1, 3), change=change)


def with_overhead(week: Week, entries: Entries) -> Entries:
    """One or two entries of work that clients usually do not pay for."""

    def change(entry: EntryDraft) -> EntryDraft:
        return replace(entry, narrative=write_overhead(week.chance), sign=Sign.OVERHEAD)

    return _on_some(week, entries, count=week.chance.between(1, 2), change=change)


def with_favours(week: Week, entries: Entries) -> Entries:
    """One or two entries of something that nobody agreed on."""

    def change(entry: EntryDraft) -> EntryDraft:
        return replace(entry, narrative=write_favour(week.chance), sign=Sign.FAVOUR)

    return _on_some(week, entries, count=week.chance.between(1, 2), change=change)


def with_blocks(week: Week, entries: Entries) -> Entries:
    """A long entry, or else a short one, that joins several activities: only long ones count."""
    chance = week.chance

    def change(entry: EntryDraft) -> EntryDraft:
        is_long = entry.minutes_billable > BLOCK_MINUTES
        parts = chance.between(2, 4)
        words = write_block(week.sheet.line.theme, parts=parts, chance=chance)
        return replace(entry, narrative=words, sign=Sign.BLOCK if is_long else entry.sign)

    is_honest = chance.happens(0.3)
    fitting = [
        place
        for place, entry in enumerate(entries)
        if entry.sign is None and (entry.minutes_billable > BLOCK_MINUTES) is not is_honest
    ]
    chosen = frozenset(chance.sample(fitting, count=1))
    return _changed(entries, chosen=chosen, change=change)


def with_repetition(week: Week, entries: Entries) -> Entries:
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
        return entries
    first, second = week.chance.pick(pairs)
    copy = replace(
        _with_minutes(entries[second], minutes=entries[first].minutes_billable),
        task_id=entries[first].task_id,
        narrative=write_again(entries[first].narrative, chance=week.chance),
        sign=Sign.REPEAT,
    )
    return (*entries[:second], copy, *entries[second + 1 :])


def with_weekend(week: Week, entries: Entries) -> Entries:
    """A few hours on Saturday, unless the work is over by then."""
    sheet, chance = week.sheet, week.chance
    saturday = sheet.monday + timedelta(days=FRIDAY + 1)
    if saturday > week.last_day:
        return entries
    model = chance.pick(entries)
    extra = replace(
        _with_minutes(model, minutes=chance.between(8, 20) * 15),
        work_date=saturday,
        narrative=write_narrative(sheet.line.theme, task=week.words(model), chance=chance),
        rate_minor=sheet.line.card_rate_minor(
            sheet.person.labor_category, day=saturday, location=model.location
        ),
        recorded_at=datetime.combine(saturday, time(12, 0, tzinfo=UTC)),
        sign=Sign.WEEKEND,
    )
    return (*entries, extra)


def with_innocent_words(week: Week, entries: Entries) -> Entries:
    """One honest entry in words that resemble overhead, favours or another project's work."""
    chance, theme = week.chance, week.sheet.line.theme
    kind = chance.between(0, 2)

    def change(entry: EntryDraft) -> EntryDraft:
        task = week.words(entry)
        if kind == 0:
            words = write_like_overhead(theme, task=task, chance=chance)
        elif kind == 1:
            words = write_like_favour(theme, task=task, chance=chance)
        else:
            other = _other_theme(week)
            words = write_with_example(entry.narrative, theme=other, chance=chance)
        return replace(entry, narrative=words)

    return _on_some(week, entries, count=1, change=change)


def with_slang(week: Week, entries: Entries) -> Entries:
    """One honest entry in the words of the client's people."""
    number = int(week.sheet.plan.client.id[-3:])

    def change(entry: EntryDraft) -> EntryDraft:
        words = write_slang(entry.narrative, client_number=number, chance=week.chance)
        return replace(entry, narrative=words)

    return _on_some(week, entries, count=1, change=change)


def _other_theme(week: Week) -> str:
    return week.chance.pick([theme for theme in THEMES if theme != week.sheet.line.theme])


def _on_some(
    week: Week, entries: Entries, *, count: int, change: Callable[[EntryDraft], EntryDraft]
) -> Entries:
    """Change up to `count` entries that bear no sign yet."""
    free = [place for place, entry in enumerate(entries) if entry.sign is None]
    chosen = frozenset(week.chance.sample(free, count=count))
    return _changed(entries, chosen=chosen, change=change)


def _changed(
    entries: Entries, *, chosen: frozenset[int], change: Callable[[EntryDraft], EntryDraft]
) -> Entries:
    return tuple(change(entry) if place in chosen else entry for place, entry in enumerate(entries))


def _with_minutes(entry: EntryDraft, *, minutes: int) -> EntryDraft:
    return replace(entry, minutes_worked=minutes, minutes_billable=minutes)


def _in_order(entries: Iterable[EntryDraft]) -> Entries:
    return tuple(sorted(entries, key=lambda entry: entry.work_date))
