"""Milestones as they were agreed: when each is due, what it bills, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto

from data.firm.chance import Chance
from data.firm.plans import PRICE_LEVEL, ContractPlan, LinePlan
from data.firm.schedules import schedule_of
from data.firm.world import World
from data.schemas.people import Person
from data.schemas.vocabulary import ClauseKind

GAP_DAYS = (16, 26)


class MilestoneFault(Enum):
    """What can be wrong when a milestone is handed over for billing."""

    NOT_ACCEPTED = auto()
    HANDED_OVER_LATE = auto()
    EVIDENCE_MISSING = auto()
    PREDECESSOR_OPEN = auto()
    GROSS_BILLED = auto()
    """Retainage and advance were forgotten."""
    AHEAD_OF_PROGRESS = auto()
    UNSIGNED_ORDER = auto()
    LATE_BY_A_DAY = auto()
    NEARLY_LATE = auto()
    """Accepted on the last day of grace: no fault, and as near to one as can be."""
    NEARLY_UNBILLED = auto()
    """Handed over on the last day agreed for billing: no fault either."""


FAULT_CYCLE = (
    MilestoneFault.NOT_ACCEPTED, None, None, None, None, MilestoneFault.HANDED_OVER_LATE, None,
    None, None, None, None, MilestoneFault.EVIDENCE_MISSING, None, None, None, None, None,
    MilestoneFault.NOT_ACCEPTED, None, None, None, MilestoneFault.HANDED_OVER_LATE, None, None,
    None, None, MilestoneFault.PREDECESSOR_OPEN, None, None, None, None, None,
)  # fmt: skip
"""Dealt out in turn over all milestones in drawn order, so that every kind occurs."""
DEMAND_FAULTS = (
    (MilestoneFault.GROSS_BILLED, ClauseKind.BILLING_SCHEDULE, 0.05),
    (MilestoneFault.AHEAD_OF_PROGRESS, ClauseKind.PROGRESS_BILLING, 0.09),
    (MilestoneFault.UNSIGNED_ORDER, ClauseKind.CHANGE_CONTROL, 0.05),
    (MilestoneFault.LATE_BY_A_DAY, ClauseKind.LIQUIDATED_DAMAGES, 0.03),
    (MilestoneFault.NEARLY_LATE, ClauseKind.LIQUIDATED_DAMAGES, 0.05),
    (MilestoneFault.NEARLY_UNBILLED, None, 0.04),
)
"""Faults of what some clients demand: the share of those clients' milestones that have them."""
GRACE_DAYS = 24
"""Days of delay that cost nothing: more than a client who answers in time needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A milestone that is due; `amount_minor` is what is left of the plan to bill."""

    plan: ContractPlan
    line: LinePlan
    owner: Person
    number: int
    due_on: date
    planned_minor: int
    amount_minor: int
    fault: MilestoneFault | None = None


def plan_milestones(world: World, *, chance: Chance) -> list[Slot]:
    """Every milestone of every contract that pays by milestone, each with its fault, if any."""
    slots = [
        slot
        for plan in world.plans
        if not plan.is_hourly
        for line in plan.lines
        for slot in _scheduled(list(_slots(plan, line=line, world=world, chance=chance)), plan=plan)
    ]
    faults = chance.sample(
        [FAULT_CYCLE[place % len(FAULT_CYCLE)] for place in range(len(slots))], count=len(slots)
    )
    _deal_demand_faults(faults, slots=slots, chance=chance)
    return [replace(slot, fault=fault) for slot, fault in zip(slots, faults, strict=True)]


def _deal_demand_faults(
    faults: list[MilestoneFault | None], *, slots: Sequence[Slot], chance: Chance
) -> None:
    for fault, kind, share in DEMAND_FAULTS:
        fitting = [
            place
            for place, slot in enumerate(slots)
            if (kind is None or kind in slot.plan.duties) and faults[place] is None
        ]
        for place in chance.sample(fitting, count=max(1, round(share * len(fitting)))):
            faults[place] = fault


def _scheduled(slots: list[Slot], *, plan: ContractPlan) -> list[Slot]:
    """The slots of a line, each with what it bills where a schedule takes something off."""
    schedule = schedule_of(plan, planned_minor=[slot.planned_minor for slot in slots])
    if schedule is None:
        return slots
    return [
        replace(slot, amount_minor=schedule.due_minor(place)) for place, slot in enumerate(slots)
    ]


def _slots(plan: ContractPlan, *, line: LinePlan, world: World, chance: Chance) -> Iterator[Slot]:
    day = max(plan.start, world.start) + timedelta(days=chance.between(10, 20))
    owner = chance.pick(world.workers)
    thousand = 100_000 * PRICE_LEVEL[plan.client.currency]
    number = 1
    while day <= min(plan.end, world.end) - timedelta(days=7):
        planned_minor = round(chance.lognormal(median=24.0, sigma=0.5)) * round(thousand)
        yield Slot(
            plan=plan,
            line=line,
            owner=owner,
            number=number,
            due_on=day,
            planned_minor=planned_minor,
            amount_minor=planned_minor,
        )
        number += 1
        day += timedelta(days=chance.between(*GAP_DAYS))
