"""The weeks people worked: days, entries and the timesheets they hand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from data.firm.calendars import is_working_day
from data.firm.chance import Chance
from data.firm.changes import changed
from data.firm.dates import FRIDAY, is_season, local_moment, mondays
from data.firm.drafts import EntryDraft, SheetDraft
from data.firm.narratives import tell_apart, write_narrative
from data.firm.staffing import Spell
from data.firm.world import ZONES, World
from data.schemas.people import Person

STEP_MINUTES = 15
SHORT_DAY, LONG_DAY = 405, 525
"""Minutes of an ordinary day, far below the daily limit of every contract."""
WEEK_OFF_PROBABILITY, SEASON_OFF_PROBABILITY, DAY_OFF_PROBABILITY = 0.08, 0.75, 0.03
SPLIT_DAY_PROBABILITY = 0.15
SHORTEST_ENTRY = 45
ODD_MINUTES_PROBABILITY = 0.05
UNUSUAL_TASK_PROBABILITY = 0.04
UNBILLED_PROBABILITY = 0.03
AWAY_PROBABILITY = 0.2
"""Days away from the office, on lines whose people work elsewhere at times."""
TASK_WEIGHTS = (0.6, 0.3, 0.1)
DAILY_LOGGER_SHARE = 0.6
SUBMISSION_HOURS = (15, 17)
"""Early enough that an evening in New York is still the same day in UTC."""

Week = list[tuple[Spell, tuple[EntryDraft, ...]]]
"""What one person did in one week, by stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedTime:
    """Every honest timesheet, and the working days on which people with a place did not work."""

    sheets: tuple[SheetDraft, ...]
    days_off: tuple[tuple[str, date], ...]
    """Person and day, in order."""


def work_weeks(world: World, *, spells: tuple[Spell, ...], chance: Chance) -> WorkedTime:
    """Let each person work each week on each line where the person has a place."""
    sheets: list[SheetDraft] = []
    days_off: list[tuple[str, date]] = []
    for person in world.workers:
        own = [spell for spell in spells if spell.person is person]
        is_daily_logger = chance.happens(DAILY_LOGGER_SHARE)
        for monday in mondays(world.start, end=world.end - timedelta(days=FRIDAY)):
            active = [spell for spell in own if spell.is_active(monday)]
            off = SEASON_OFF_PROBABILITY if is_season(monday) else WEEK_OFF_PROBABILITY
            if not active:
                continue
            week = []
            if not chance.happens(off):
                week = _week(active, monday=monday, last_day=world.end, chance=chance)
            days_off += _days_off(person, monday=monday, week=week)
            for spell, entries in week:
                sheet = SheetDraft(
                    key=len(sheets),
                    spell=spell,
                    monday=monday,
                    submitted_at=_friday_evening(person, monday=monday, chance=chance),
                    entries=entries,
                )
                sheets.append(_recorded(sheet, is_daily_logger=is_daily_logger, chance=chance))
    return WorkedTime(sheets=tuple(sheets), days_off=tuple(days_off))


def worded_apart(entries: Sequence[EntryDraft]) -> tuple[EntryDraft, ...]:
    """The entries with no two alike on one day: honest work is never an exact duplicate."""
    seen: set[tuple[date, str, int, str]] = set()
    told: list[EntryDraft] = []
    for place, entry in enumerate(entries):
        mark = (entry.work_date, entry.task_id, entry.minutes_billable, entry.narrative.casefold())
        clear = entry
        if mark in seen:
            clear = changed(entry, narrative=tell_apart(entry.narrative, number=place + 1))
        seen.add(mark)
        told.append(clear)
    return tuple(told)


def _week(active: list[Spell], *, monday: date, last_day: date, chance: Chance) -> Week:
    booked: dict[int, list[EntryDraft]] = {}
    country = active[0].person.country
    for day in _weekdays(monday):
        if day > last_day or not is_working_day(country, day):
            continue
        if chance.happens(DAY_OFF_PROBABILITY):
            continue
        open_places = [n for n, spell in enumerate(active) if day <= spell.plan.last_work_day]
        for place, minutes in _day(open_places, active=active, chance=chance):
            booked.setdefault(place, []).extend(
                _entries(active[place], day=day, minutes=minutes, chance=chance)
            )
    return [(active[place], worded_apart(booked[place])) for place in sorted(booked)]


def _weekdays(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(FRIDAY + 1)]


def _days_off(person: Person, *, monday: date, week: Week) -> Iterator[tuple[str, date]]:
    booked = {entry.work_date for _, entries in week for entry in entries}
    for day in _weekdays(monday):
        if day not in booked and is_working_day(person.country, day):
            yield person.id, day


def _day(places: list[int], *, active: list[Spell], chance: Chance) -> Iterator[tuple[int, int]]:
    """Share the minutes of a day out to one line, sometimes to two."""
    if not places:
        return
    minutes = chance.between(SHORT_DAY // STEP_MINUTES, LONG_DAY // STEP_MINUTES) * STEP_MINUTES
    main = chance.weighted(places, weights=[active[place].share for place in places])
    others = [place for place in places if place != main]
    if others and chance.happens(SPLIT_DAY_PROBABILITY):
        part = chance.between(4, 12) * STEP_MINUTES
        yield chance.pick(others), part
        minutes -= part
    yield main, minutes


def _entries(spell: Spell, *, day: date, minutes: int, chance: Chance) -> Iterator[EntryDraft]:
    names = {task.id: task.name for task in spell.line.project.tasks}
    category = spell.person.labor_category
    place = spell.line.usual_place if chance.happens(AWAY_PROBABILITY) else None
    rate = spell.line.card_rate_minor(category, day=day, location=place)
    for part in _parts(minutes, chance=chance):
        task_id = _task(spell, chance=chance)
        unbilled = 30 if part > 2 * SHORTEST_ENTRY and chance.happens(UNBILLED_PROBABILITY) else 0
        yield EntryDraft(
            work_date=day,
            minutes_worked=part,
            minutes_billable=part - unbilled,
            task_id=task_id,
            labor_category=category,
            location=place,
            rate_minor=rate,
            narrative=write_narrative(spell.line.theme, task=names[task_id], chance=chance),
        )


def _parts(minutes: int, *, chance: Chance) -> list[int]:
    """Cut a day into one to three entries, mostly in quarters of an hour."""
    count = chance.weighted((1, 2, 3), weights=(0.45, 0.38, 0.17))
    parts = [minutes]
    while len(parts) < count and parts[-1] >= 4 * SHORTEST_ENTRY:
        first = chance.between(3, parts[-1] // STEP_MINUTES - 3) * STEP_MINUTES
        parts[-1:] = [first, parts[-1] - first]
    if chance.happens(ODD_MINUTES_PROBABILITY):
        parts[0] -= chance.between(1, 10)
    return parts


def _task(spell: Spell, *, chance: Chance) -> str:
    usual = spell.usual_task_ids
    if chance.happens(UNUSUAL_TASK_PROBABILITY):
        return chance.pick(spell.line.project.tasks).id
    return chance.weighted(usual, weights=TASK_WEIGHTS[: len(usual)])


def _friday_evening(person: Person, *, monday: date, chance: Chance) -> datetime:
    return local_moment(
        monday + timedelta(days=FRIDAY),
        zone=ZONES[person.country],
        hour=chance.between(*SUBMISSION_HOURS),
        minute=chance.between(0, 59),
    )


def _recorded(sheet: SheetDraft, *, is_daily_logger: bool, chance: Chance) -> SheetDraft:
    """The sheet with the time at which each entry was typed in: that evening, or at the end."""
    at_end = sheet.submitted_at - timedelta(minutes=chance.between(3, 25))
    entries = []
    for entry in sheet.entries:
        evening = datetime.combine(entry.work_date, time(17, 30, tzinfo=UTC))
        typed = evening + timedelta(minutes=chance.between(0, 90)) if is_daily_logger else at_end
        entries.append(changed(entry, recorded_at=min(typed, at_end)))
    return changed(sheet, entries=tuple(entries))
