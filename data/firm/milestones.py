"""Milestones: delivered, accepted by the client sooner or later, and handed over for billing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto

from data.firm.chance import Chance
from data.firm.dates import in_office_hours, local_moment
from data.firm.plans import PRICE_LEVEL, ContractPlan, LinePlan
from data.firm.trade import THEMES
from data.firm.world import ZONES, World
from data.schemas.items import AcceptanceEvent, ApprovalEvent, Milestone
from data.schemas.people import Person
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ApprovalVerdict

GAP_DAYS = (16, 26)
LATE_ACCEPTANCE_PROBABILITY = 0.25
REJECTED_FIRST_PROBABILITY = 0.08
EVIDENCE = ("acceptance certificate", "test report", "handover protocol", "design document")


class MilestoneFault(Enum):
    """What can be wrong when a milestone is handed over for billing."""

    NOT_ACCEPTED = auto()
    HANDED_OVER_LATE = auto()
    EVIDENCE_MISSING = auto()
    PREDECESSOR_OPEN = auto()


FAULT_CYCLE = (
    MilestoneFault.NOT_ACCEPTED, None, None, None, None, MilestoneFault.HANDED_OVER_LATE, None,
    None, None, None, None, MilestoneFault.EVIDENCE_MISSING, None, None, None, None, None,
    MilestoneFault.NOT_ACCEPTED, None, None, None, MilestoneFault.HANDED_OVER_LATE, None, None,
    None, None, MilestoneFault.PREDECESSOR_OPEN, None, None, None, None, None,
)  # fmt: skip
"""Dealt out in turn over all milestones in drawn order, so that every kind occurs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredMilestone:
    """A milestone as it arrives, with the plan it belongs to."""

    item: Milestone
    plan: ContractPlan
    line: LinePlan
    received_at: datetime
    accepted_at: datetime | None
    is_accepted_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    plan: ContractPlan
    line: LinePlan
    owner: Person
    number: int
    due_on: date
    amount_minor: int


def deliver_milestones(world: World, *, chance: Chance) -> tuple[DeliveredMilestone, ...]:
    """Every milestone of every contract that pays by milestone, in order of submission."""
    slots = [
        slot
        for plan in world.plans
        if not plan.is_hourly
        for line in plan.lines
        for slot in _slots(plan, line=line, world=world, chance=chance)
    ]
    faults = chance.sample(
        [FAULT_CYCLE[place % len(FAULT_CYCLE)] for place in range(len(slots))], count=len(slots)
    )
    delivered = [
        _deliver(slot, fault=fault, world=world, chance=chance)
        for slot, fault in zip(slots, faults, strict=True)
    ]
    delivered.sort(key=lambda one: (one.item.submitted_at, one.line.id))
    return tuple(
        replace(one, item=one.item.model_copy(update={"external_id": f"MS-{place + 1:04d}"}))
        for place, one in enumerate(delivered)
    )


def _slots(plan: ContractPlan, *, line: LinePlan, world: World, chance: Chance) -> Iterator[_Slot]:
    day = max(plan.start, world.start) + timedelta(days=chance.between(10, 20))
    owner = chance.pick(world.workers)
    thousand = 100_000 * PRICE_LEVEL[plan.client.currency]
    number = 1
    while day <= min(plan.end, world.end) - timedelta(days=7):
        yield _Slot(
            plan=plan,
            line=line,
            owner=owner,
            number=number,
            due_on=day,
            amount_minor=round(chance.lognormal(median=24.0, sigma=0.5)) * round(thousand),
        )
        number += 1
        day += timedelta(days=chance.between(*GAP_DAYS))


def _deliver(
    slot: _Slot, *, fault: MilestoneFault | None, world: World, chance: Chance
) -> DeliveredMilestone:
    submitted_at = local_moment(
        slot.due_on + timedelta(days=chance.between(-2, 3)),
        zone=ZONES[slot.owner.country],
        hour=chance.between(10, 16),
        minute=chance.between(0, 59),
    )
    is_late = chance.happens(LATE_ACCEPTANCE_PROBABILITY)
    if fault is MilestoneFault.NOT_ACCEPTED:
        events = [_event(slot, kind=AcceptanceKind.SUBMITTED, at=submitted_at)]
        wait_days = chance.uniform(1.0, slot.plan.acceptance_window_days - 4.0)
        accepted_at, released_at = None, submitted_at + timedelta(days=wait_days)
    else:
        events = _acceptance(slot, submitted_at=submitted_at, is_late=is_late, chance=chance)
        accepted_at = events[-1].at
        wait_days = chance.uniform(0.2, 3.0)
        if fault is MilestoneFault.HANDED_OVER_LATE:
            wait_days = slot.plan.bill_within_days + chance.uniform(3.0, 25.0)
        released_at = accepted_at + timedelta(days=wait_days)
    signed_at = in_office_hours(released_at, chance=chance)
    return DeliveredMilestone(
        item=_milestone(
            slot, events=events, signed_at=signed_at, fault=fault, world=world, chance=chance
        ),
        plan=slot.plan,
        line=slot.line,
        received_at=signed_at + timedelta(minutes=chance.between(10, 90)),
        accepted_at=accepted_at,
        is_accepted_late=is_late and accepted_at is not None,
    )


def _acceptance(
    slot: _Slot, *, submitted_at: datetime, is_late: bool, chance: Chance
) -> list[AcceptanceEvent]:
    """The client's events up to acceptance, sometimes with a rejection on the way."""
    window = slot.plan.acceptance_window_days
    days = min(chance.lognormal(median=4.5, sigma=0.6), window - 2.0)
    if is_late:
        # Under deemed acceptance the window closes by itself; a signature weeks later would come
        # after billing was already due.
        days = window + chance.uniform(1.0, 3.0 if slot.plan.is_deemed_after_window else 20.0)
    events = [_event(slot, kind=AcceptanceKind.SUBMITTED, at=submitted_at)]
    if not is_late and chance.happens(REJECTED_FIRST_PROBABILITY):
        rejected_at = submitted_at + timedelta(days=days / 3)
        events.append(_event(slot, kind=AcceptanceKind.REJECTED, at=rejected_at))
    accepted_at = in_office_hours(submitted_at + timedelta(days=days), chance=chance)
    events.append(_event(slot, kind=AcceptanceKind.ACCEPTED, at=accepted_at))
    return events


def _event(slot: _Slot, *, kind: AcceptanceKind, at: datetime) -> AcceptanceEvent:
    paper = f"{slot.line.id}/{slot.number}/{kind}"
    by_us = kind is AcceptanceKind.SUBMITTED
    return AcceptanceEvent(
        kind=kind,
        at=at.replace(microsecond=0),
        actor=slot.owner.name if by_us else f"{slot.plan.client.name} project office",
        document_sha256=hashlib.sha256(paper.encode()).hexdigest(),
    )


def _milestone(
    slot: _Slot,
    *,
    events: list[AcceptanceEvent],
    signed_at: datetime,
    fault: MilestoneFault | None,
    world: World,
    chance: Chance,
) -> Milestone:
    required = tuple(chance.sample(EVIDENCE, count=chance.between(1, 3)))
    is_short = fault is MilestoneFault.EVIDENCE_MISSING
    task = tuple(THEMES[slot.line.theme])[slot.number % len(THEMES[slot.line.theme])]
    return Milestone(
        source="firm",
        external_id=f"{slot.line.id}/{slot.number}",
        contract_id=slot.plan.id,
        line_id=slot.line.id,
        project_id=slot.line.project.id,
        name=f"Milestone {slot.number}: {task}",
        owner_id=slot.owner.id,
        amount_minor=slot.amount_minor,
        currency=slot.plan.client.currency,
        zone=ZONES[slot.owner.country],
        due_on=slot.due_on,
        is_ready_to_bill=True,
        submitted_at=events[0].at,
        evidence_required=required,
        evidence_provided=required[:-1] if is_short else required,
        open_predecessors=(f"Milestone {slot.number - 1}",)
        if fault is MilestoneFault.PREDECESSOR_OPEN
        else (),
        acceptance=tuple(events),
        approvals=_signatures(slot, submitted_at=events[0].at, signed_at=signed_at, world=world),
    )


def _signatures(
    slot: _Slot, *, submitted_at: datetime, signed_at: datetime, world: World
) -> tuple[ApprovalEvent, ...]:
    manager = next(one for one in world.managers if one.id == slot.line.project.manager_id)
    signer = manager if manager.authority_limit_minor >= slot.amount_minor else world.partner
    return (
        ApprovalEvent(
            step=ApprovalStep.SUBMIT,
            verdict=ApprovalVerdict.APPROVE,
            actor_id=slot.owner.id,
            at=submitted_at,
        ),
        ApprovalEvent(
            step=ApprovalStep.MANAGER,
            verdict=ApprovalVerdict.APPROVE,
            actor_id=signer.id,
            at=signed_at,
            authority_limit_minor=signer.authority_limit_minor,
        ),
    )
