"""What the firm's records say of its people: certificates, leave, overtime and planned effort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from data.firm.calendars import SATURDAY, calendar_of, regions
from data.firm.chance import Chance
from data.firm.dates import spans_around
from data.firm.demands import CERTIFICATES
from data.firm.drafts import EntryDraft, SheetDraft
from data.firm.expenses import ReportDraft
from data.firm.milestones import DeliveredMilestone
from data.firm.overtime import approve_overtime, capacity_minutes
from data.firm.plans import HOURLY_EUR
from data.firm.progress import measure_progress
from data.firm.staffing import Spell
from data.firm.world import World
from data.schemas.calendars import Leave
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import Contract
from data.schemas.people import Assignment, Certificate, Person, Project
from data.schemas.reference import Reference
from data.schemas.vocabulary import ClauseKind

EARNED_AFTER = timedelta(days=150)
WEEK = timedelta(days=7)
HALF_DAY_MINUTES = 240
PLANNED_PROBABILITY, BREACHED_EFFORT_SHARE = 0.5, 0.03
FEWEST_WEEKS = timedelta(weeks=8)
EFFORT_REACHED_AT, EFFORT_ROOM = 0.97, 1.2
TASK_PLAN_SHARE = 0.04
REFUSED_LEAVES = 12


def file_papers(
    world: World,
    *,
    spells: Sequence[Spell],
    sheets: Sequence[SheetDraft],
    days_off: Sequence[tuple[str, date]],
    reports: Sequence[ReportDraft],
    milestones: Sequence[DeliveredMilestone],
    contracts: Sequence[Contract],
    chance: Chance,
) -> Reference:
    """The firm's master data, with the gaps that make some of its work faulty."""
    calendars = {person.country: calendar_of(person.country) for person in world.people}
    return Reference(
        clients={client.id: client for client in world.clients},
        contracts={contract.id: contract for contract in contracts},
        people={person.id: person for person in _people(world, sheets=sheets)},
        projects={one.id: one for one in _projects(world, milestones=milestones)},
        assignments=tuple(_assignments(spells, sheets=sheets, chance=chance)),
        calendars={calendar.id: calendar for calendar in calendars.values()},
        regions=regions(),
        leave=(
            *_time_off(days_off, practice=world.practice),
            *_leave_on_work_days(sheets, chance=chance),
            *_leave_beside_work(sheets),
            *_refused_leave(sheets, chance=chance),
        ),
        overtime_approvals=approve_overtime(sheets, world=world),
        trips={report.trip.id: report.trip for report in reports},
        preapprovals={one.id: one for report in reports for one in report.preapprovals},
    )


def _people(world: World, *, sheets: Sequence[SheetDraft]) -> Iterator[Person]:
    lapses: dict[str, set[date]] = defaultdict(set)
    for sheet in sheets:
        is_planted = sheet.planted is ExceptionCode.LABOR_CATEGORY_UNQUALIFIED
        if is_planted and sheet.entries[0].labor_category == sheet.person.labor_category:
            lapses[sheet.person.id].add(sheet.monday)
    for person in world.people:
        certificates = tuple(_certificates(person, lapses=lapses[person.id]))
        yield person.model_copy(update={"certificates": certificates})


def _certificates(person: Person, *, lapses: set[date]) -> Iterator[Certificate]:
    """What a person's category asks for, and all below; the highest lapses in some weeks."""
    categories = tuple(HOURLY_EUR)
    held = categories[1 : categories.index(person.labor_category) + 1]
    earned = (person.professional_since or person.hired_on) + EARNED_AFTER
    for category in held:
        gaps = lapses if category == person.labor_category else set()
        for start, end in spans_around(gaps, first=earned, last=date.max):
            expires = None if end == date.max else end
            yield Certificate(name=CERTIFICATES[category], earned_on=start, expires_on=expires)


def _projects(world: World, *, milestones: Sequence[DeliveredMilestone]) -> Iterator[Project]:
    progress = measure_progress(milestones)
    for plan in world.plans:
        for line in plan.lines:
            project = line.project
            is_scoped = ClauseKind.SCOPE in plan.duties
            tasks = (*project.tasks, line.extra_task) if is_scoped else project.tasks
            yield project.model_copy(
                update={"tasks": tasks, "progress": progress.get(project.id, ())}
            )


def _assignments(
    spells: Sequence[Spell], *, sheets: Sequence[SheetDraft], chance: Chance
) -> Iterator[Assignment]:
    """The staffing plan: half of the stays say how much effort was agreed, a few too little."""
    minutes: dict[tuple[str, str], int] = defaultdict(int)
    for sheet in sheets:
        worked = sum(entry.minutes_worked for entry in sheet.entries)
        minutes[sheet.person.id, sheet.line.id] += worked
    long = [
        one.assignment.id for one in spells if one.last_monday - one.first_monday >= FEWEST_WEEKS
    ]
    short_of = set(chance.sample(long, count=max(1, round(BREACHED_EFFORT_SHARE * len(spells)))))
    for spell in spells:
        total = minutes[spell.person.id, spell.line.id]
        planned = None
        if spell.assignment.id in short_of:
            planned = int(total * EFFORT_REACHED_AT / (1 + spell.plan.effort_tolerance))
        elif chance.happens(PLANNED_PROBABILITY):
            planned = int(total * EFFORT_ROOM) // 60 * 60 + 60
        yield spell.assignment.model_copy(update={"planned_minutes": planned})
    yield from _task_assignments(spells, sheets=sheets, chance=chance)


def _task_assignments(
    spells: Sequence[Spell], *, sheets: Sequence[SheetDraft], chance: Chance
) -> Iterator[Assignment]:
    """A few stays have a plan of their own for one task; every third of those is too small."""
    minutes: dict[tuple[str, str], int] = defaultdict(int)
    for sheet in sheets:
        for entry in sheet.entries:
            minutes[sheet.person.id, entry.task_id] += entry.minutes_worked
    chosen = chance.sample(spells, count=round(TASK_PLAN_SHARE * len(spells)))
    for place, spell in enumerate(chosen):
        task_id = spell.usual_task_ids[0]
        room = EFFORT_REACHED_AT if place % 3 == 0 else EFFORT_ROOM
        planned = int(minutes[spell.person.id, task_id] * room)
        if planned:
            yield spell.assignment.model_copy(
                update={
                    "id": f"{spell.assignment.id}.T",
                    "task_id": task_id,
                    "planned_minutes": planned,
                }
            )


def _time_off(days_off: Sequence[tuple[str, date]], *, practice: str) -> Iterator[Leave]:
    """One leave for each run of days off."""
    runs: list[tuple[str, date, date]] = []
    for person_id, day in sorted(days_off):
        if runs and runs[-1][0] == person_id and runs[-1][2] == day - timedelta(days=1):
            runs[-1] = (person_id, runs[-1][1], day)
        else:
            runs.append((person_id, day, day))
    for number, (person_id, start, end) in enumerate(runs, start=1):
        leave_id = f"{practice}LV-{number:05d}"
        yield Leave(id=leave_id, person_id=person_id, start=start, end=end)


def _leave_on_work_days(sheets: Sequence[SheetDraft], *, chance: Chance) -> Iterator[Leave]:
    """Days of leave on which some people wrote down work all the same."""
    planted = [s for s in sheets if s.planted is ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT]
    for number, sheet in enumerate(planted, start=1):
        entry = chance.pick([one for one in sheet.entries if one.sign is None] or sheet.entries)
        is_half = _is_long(entry) and chance.happens(0.5)
        yield Leave(
            id=f"{sheet.plan.practice}LV-W{number:04d}",
            person_id=sheet.person.id,
            start=entry.work_date,
            end=entry.work_date,
            minutes_per_day=HALF_DAY_MINUTES if is_half else None,
            kind="vacation",
        )


def _leave_beside_work(sheets: Sequence[SheetDraft]) -> Iterator[Leave]:
    """Leave for the rest of a day: what was worked is just what remained."""
    near = [s for s in sheets if s.near_miss is ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT]
    for number, sheet in enumerate(near, start=1):
        longest = max(
            (one for one in sheet.entries if one.work_date.weekday() < SATURDAY),
            key=lambda one: one.minutes_worked,
        )
        rest = capacity_minutes(sheet.person.country, longest.work_date) - longest.minutes_worked
        if rest > 0:
            yield Leave(
                id=f"{sheet.plan.practice}LV-B{number:04d}",
                person_id=sheet.person.id,
                start=longest.work_date,
                end=longest.work_date,
                minutes_per_day=rest,
                kind="appointment",
            )


def _refused_leave(sheets: Sequence[SheetDraft], *, chance: Chance) -> Iterator[Leave]:
    """Leave that was asked for and not given: people worked on those days, and rightly so."""
    for number, sheet in enumerate(chance.sample(sheets, count=REFUSED_LEAVES), start=1):
        yield Leave(
            id=f"{sheet.plan.practice}LV-R{number:04d}",
            person_id=sheet.person.id,
            start=sheet.monday,
            end=sheet.monday + timedelta(days=4),
            kind="vacation",
            is_approved=False,
        )


def _is_long(entry: EntryDraft) -> bool:
    return entry.minutes_worked > HALF_DAY_MINUTES
