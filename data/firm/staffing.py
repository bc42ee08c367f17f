"""Who works on which line, from when to when, and what the staffing plan says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.plans import ContractPlan, LinePlan
from data.firm.world import World
from data.schemas.people import Assignment, Person
from data.schemas.vocabulary import ClauseKind

WEEK = timedelta(days=7)
PRIMARY_WEEKS, SECONDARY_WEEKS = (10, 30), (6, 18)
SHORTEST_WEEKS = 3
LATE_PAPER_PROBABILITY = 0.07
"""Spells whose assignment starts a week late or ends a week early: the people work unassigned."""
HAS_SECOND_LINE_PROBABILITY = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One person's stay on one line, in whole weeks, with the tasks that person usually books."""

    person: Person
    plan: ContractPlan
    line: LinePlan
    first_monday: date
    last_monday: date
    share: float
    """The part of the week it takes when the person also works elsewhere."""
    usual_task_ids: tuple[str, ...]
    assignment: Assignment

    def is_active(self, monday: date) -> bool:
        """True in the weeks of the stay."""
        return self.first_monday <= monday <= self.last_monday


def staff_lines(world: World, *, chance: Chance) -> tuple[Spell, ...]:
    """Draw every stay; nobody returns to a line they left."""
    load: Counter[str] = Counter()
    spells: list[Spell] = []
    for person in world.workers:
        seen: set[str] = set()
        streams = [(PRIMARY_WEEKS, 0.7)]
        is_alone = not chance.happens(HAS_SECOND_LINE_PROBABILITY)
        if not is_alone:
            streams.append((SECONDARY_WEEKS, 0.3))
        for weeks, share in streams:
            for plan, line, first, last in _stays(
                world, _employment(person, world=world), weeks=weeks, seen=seen, load=load,
                is_alone=is_alone, chance=chance,
            ):  # fmt: skip
                spell = _spell(
                    (person, plan, line), first=first, last=last, share=share,
                    number=len(spells) + 1, chance=chance,
                )  # fmt: skip
                spells.append(spell)
    return tuple(spells)


def _employment(person: Person, *, world: World) -> tuple[date, date]:
    """The part of the firm's time in which a person works there."""
    return max(world.start, person.hired_on), min(world.end, person.left_on or world.end)


def _stays(
    world: World,
    employed: tuple[date, date],
    *,
    weeks: tuple[int, int],
    seen: set[str],
    load: Counter[str],
    is_alone: bool,
    chance: Chance,
) -> Iterator[tuple[ContractPlan, LinePlan, date, date]]:
    start, end = employed
    monday = start + timedelta(days=-start.weekday() % 7)
    while monday + SHORTEST_WEEKS * WEEK <= end:
        open_lines = _open_lines(world, monday=monday, seen=seen, is_alone=is_alone)
        if not open_lines:
            monday += 2 * WEEK
            continue
        weights = [1.0 / (1.0 + load[line.id]) ** 2 for _, line in open_lines]
        plan, line = chance.weighted(open_lines, weights=weights)
        last_day = min(plan.last_work_day, end)
        last = min(monday + (chance.between(*weeks) - 1) * WEEK, _monday_of(last_day))
        seen.add(line.id)
        load[line.id] += 1
        yield plan, line, monday, last
        monday = last + WEEK


def _open_lines(
    world: World, *, monday: date, seen: set[str], is_alone: bool
) -> list[tuple[ContractPlan, LinePlan]]:
    """Lines with a place; a standing team, whose whole weeks are due, has nobody who shares."""
    needed = monday + SHORTEST_WEEKS * WEEK
    return [
        (plan, line)
        for plan in world.plans
        if plan.is_hourly and plan.start <= monday and plan.last_work_day >= needed
        if is_alone or ClauseKind.BILLING_CUT_OFF not in plan.duties
        for line in plan.lines
        if line.id not in seen
    ]


def _spell(
    place: tuple[Person, ContractPlan, LinePlan],
    *,
    first: date,
    last: date,
    share: float,
    number: int,
    chance: Chance,
) -> Spell:
    person, plan, line = place
    start, end = first, last + timedelta(days=6)
    if last - first >= SHORTEST_WEEKS * WEEK and chance.happens(LATE_PAPER_PROBABILITY):
        start, end = (start + WEEK, end) if chance.happens(0.5) else (start, end - WEEK)
    tasks = chance.sample([task.id for task in line.project.tasks], count=chance.between(2, 3))
    return Spell(
        person=person,
        plan=plan,
        line=line,
        first_monday=first,
        last_monday=last,
        share=share,
        usual_task_ids=tuple(tasks),
        assignment=Assignment(
            id=f"{plan.practice}A-{number:04d}",
            person_id=person.id,
            project_id=line.project.id,
            start=start,
            end=end,
        ),
    )


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
