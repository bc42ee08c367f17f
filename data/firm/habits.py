"""How people really fill in timesheets: the signs a reader sees, more of them from the careless.

A sign is not a fault. `data.firm.hidden` decides, from all that can be seen, which are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from data.firm import signs
from data.firm.chance import Chance
from data.firm.dates import FRIDAY, is_month_end, local_moment
from data.firm.drafts import SheetDraft, lines_by_person_day
from data.firm.signs import Change, Entries, Week
from data.firm.work import SUBMISSION_HOURS, worded_apart
from data.firm.world import World
from data.schemas.contracts import Client
from data.schemas.people import Person

NEW_ON_LINE = timedelta(days=14)
DAYS_TO_MONDAY = 3
"""From Friday: a sheet with weekend work is handed in on Monday at the earliest."""
HURRY = 0.04
"""How much likelier slips are at the end of a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What nobody sees and everybody feels, each from 0 to 1: only its effects are on record."""

    carelessness: dict[str, float]
    """By person."""
    pressure: dict[str, float]
    """By client: how much they ask for on top of what was agreed."""
    discounts: dict[str, float]
    """By client: how readily the partner gives them a part of the bill."""
    objections: dict[str, float]
    """By client: how readily they dispute what they are billed."""

    def of(self, person: Person) -> float:
        """The carelessness of a person."""
        return self.carelessness[person.id]

    def pressure_of(self, client: Client) -> float:
        """The pressure of a client."""
        return self.pressure[client.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often a sign is shown: always, and more by circumstances."""

    base: float
    careless: float = 0.0
    hurry: float = 0.0
    new: float = 0.0
    pressure: float = 0.0


RATES: tuple[tuple[Change, Rate], ...] = (
    (signs.with_long_days, Rate(base=0.01, careless=0.14, hurry=HURRY)),
    (signs.with_vague_words, Rate(base=0.006, careless=0.105, hurry=0.02)),
    (signs.with_foreign_work, Rate(base=0.008, careless=0.11, new=0.04)),
    (signs.with_overhead, Rate(base=0.005, careless=0.085)),
    (signs.with_favours, Rate(base=0.005, careless=0.02, pressure=0.06)),
    (signs.with_blocks, Rate(base=0.006, careless=0.11)),
    (signs.with_repetition, Rate(base=0.01, careless=0.18)),
    (signs.with_innocent_words, Rate(base=0.05)),
    (signs.with_slang, Rate(base=0.20)),
)
"""The signs in the order in which they are put on; later ones spare the entries of earlier ones."""
ROUND_RATE = Rate(base=0.06, careless=0.35)
LATE_RATE = Rate(base=0.10, careless=0.30, hurry=HURRY)
WEEKEND_RATE = Rate(base=0.03, careless=0.06, hurry=HURRY)
LONGEST_LATE_DAYS = 8


def draw_habits(world: World, *, chance: Chance, client_chance: Chance) -> Habits:
    """Most people are careful and most clients easy; a few are not."""
    clients = [client.id for client in world.clients]
    return Habits(
        carelessness={person.id: chance.beta(0.9, 3.2) for person in world.workers},
        pressure={name: client_chance.beta(0.8, 2.8) for name in clients},
        discounts={name: client_chance.beta(0.8, 2.8) for name in clients},
        objections={name: client_chance.beta(0.8, 2.8) for name in clients},
    )


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
        last_day = min(world.end, sheet.plan.last_work_day, sheet.person.left_on or date.max)
        week = Week(sheet=sheet, alone=alone, last_day=last_day, chance=chance)
        shown.append(_show(week, habits=habits))
    return tuple(shown)


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


def _show(week: Week, *, habits: Habits) -> SheetDraft:
    sheet, chance = week.sheet, week.chance
    careless, pressure = habits.of(sheet.person), habits.pressure_of(sheet.plan.client)
    is_hurry, is_new = is_month_end(sheet.monday), is_new_on_line(sheet)

    def happens(rate: Rate) -> bool:
        return chance.happens(
            rate.base
            + rate.careless * careless
            + rate.hurry * is_hurry
            + rate.new * is_new
            + rate.pressure * pressure
        )

    entries: Entries = sheet.entries
    is_round = happens(ROUND_RATE) and len(week.alone) > 1
    if is_round:
        entries = signs.with_round_days(week, entries)
    for change, rate in RATES:
        if happens(rate):
            entries = change(week, entries)
    late = chance.between(1, LONGEST_LATE_DAYS) if happens(LATE_RATE) else 0
    if happens(WEEKEND_RATE):
        entries = signs.with_weekend(week, entries)
        late = max(late, DAYS_TO_MONDAY)
    shown = replace(sheet, entries=worded_apart(entries), is_round=is_round)
    return handed_in_later(shown, days=late, chance=chance) if late else shown
