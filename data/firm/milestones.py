"""Milestones: delivered, accepted by the client sooner or later, and handed over for billing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.firm.chance import Chance
from data.firm.dates import FRIDAY, in_office_hours, local_moment
from data.firm.milestone_slots import GRACE_DAYS, MilestoneFault, Slot, plan_milestones
from data.firm.plans import ContractPlan, LinePlan
from data.firm.trade import THEMES
from data.firm.world import ZONES, World
from data.schemas.items import AcceptanceEvent, ApprovalEvent, Milestone
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ApprovalVerdict

LATE_ACCEPTANCE_PROBABILITY = 0.25
REJECTED_FIRST_PROBABILITY = 0.08
EVIDENCE = ("acceptance certificate", "test report", "handover protocol", "design document")


NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredMilestone:
    """A milestone as it arrives, with the plan it belongs to."""

    item: Milestone
    plan: ContractPlan
    line: LinePlan
    received_at: datetime
    accepted_at: datetime | None
    is_accepted_late: bool
    number: int
    """Its place among the milestones of its line, from one."""
    planned_minor: int
    fault: MilestoneFault | None


def deliver_milestones(world: World, *, chance: Chance) -> tuple[DeliveredMilestone, ...]:
    """Every milestone of every contract that pays by milestone, in order of submission."""
    slots = plan_milestones(world, chance=chance)
    delivered = [_deliver(slot, world=world, chance=chance) for slot in slots]
    delivered.sort(key=lambda one: (one.item.submitted_at, one.line.id))
    return tuple(_numbered(one, number=number) for number, one in enumerate(delivered, start=1))


def _numbered(one: DeliveredMilestone, *, number: int) -> DeliveredMilestone:
    external_id = f"{one.plan.practice}MS-{number:04d}"
    return replace(one, item=one.item.model_copy(update={"external_id": external_id}))


def _deliver(slot: Slot, *, world: World, chance: Chance) -> DeliveredMilestone:
    fault = slot.fault
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
        if fault is MilestoneFault.NEARLY_UNBILLED:
            released_at = _last_day_to_bill(slot, accepted_at=accepted_at)
        slot = replace(slot, due_on=_due_on(slot, accepted_at=accepted_at))
    signed_at = in_office_hours(released_at, chance=chance)
    return DeliveredMilestone(
        item=_milestone(slot, events=events, signed_at=signed_at, world=world, chance=chance),
        plan=slot.plan,
        line=slot.line,
        received_at=signed_at + timedelta(minutes=chance.between(10, 90)),
        accepted_at=accepted_at,
        is_accepted_late=is_late and accepted_at is not None,
        number=slot.number,
        planned_minor=slot.planned_minor,
        fault=fault,
    )


def _last_day_to_bill(slot: Slot, *, accepted_at: datetime) -> datetime:
    """Noon of the last day on which the milestone is billed in time, or of the Friday before."""
    zone = ZONES[slot.owner.country]
    day = accepted_at.astimezone(ZoneInfo(zone)).date()
    day += timedelta(days=slot.plan.bill_within_days)
    day -= timedelta(days=max(0, day.weekday() - FRIDAY))
    return local_moment(day, zone=zone, hour=NOON, minute=0)


def _due_on(slot: Slot, *, accepted_at: datetime) -> date:
    """The day it was due: on some milestones, so that the grace ends with the acceptance."""
    if slot.fault not in {MilestoneFault.LATE_BY_A_DAY, MilestoneFault.NEARLY_LATE}:
        return slot.due_on
    zone = ZoneInfo(ZONES[slot.owner.country])
    beyond = 1 if slot.fault is MilestoneFault.LATE_BY_A_DAY else 0
    return accepted_at.astimezone(zone).date() - timedelta(days=GRACE_DAYS + beyond)


def _acceptance(
    slot: Slot, *, submitted_at: datetime, is_late: bool, chance: Chance
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


def _event(slot: Slot, *, kind: AcceptanceKind, at: datetime) -> AcceptanceEvent:
    paper = f"{slot.line.id}/{slot.number}/{kind}"
    by_us = kind is AcceptanceKind.SUBMITTED
    return AcceptanceEvent(
        kind=kind,
        at=at.replace(microsecond=0),
        actor=slot.owner.name if by_us else f"{slot.plan.client.name} project office",
        document_sha256=hashlib.sha256(paper.encode()).hexdigest(),
    )


def _milestone(
    slot: Slot,
    *,
    events: list[AcceptanceEvent],
    signed_at: datetime,
    world: World,
    chance: Chance,
) -> Milestone:
    required = tuple(chance.sample(EVIDENCE, count=chance.between(1, 3)))
    is_short = slot.fault is MilestoneFault.EVIDENCE_MISSING
    task = tuple(THEMES[slot.line.theme])[slot.number % len(THEMES[slot.line.theme])]
    return Milestone(
        source="firm",
        external_id=f"{slot.line.id}/{slot.number}",
        contract_id=slot.plan.id,
        line_id=slot.line.id,
        project_id=slot.line.project.id,
        name=f"Milestone {slot.number}: {task}",
        owner_id=slot.owner.id,
        amount_minor=_billed_minor(slot),
        currency=slot.plan.client.currency,
        zone=ZONES[slot.owner.country],
        due_on=slot.due_on,
        is_ready_to_bill=True,
        submitted_at=events[0].at,
        evidence_required=required,
        evidence_provided=required[:-1] if is_short else required,
        open_predecessors=(f"Milestone {slot.number - 1}",)
        if slot.fault is MilestoneFault.PREDECESSOR_OPEN
        else (),
        acceptance=tuple(events),
        approvals=_signatures(slot, submitted_at=events[0].at, signed_at=signed_at, world=world),
        change_order_id=f"{slot.plan.id}.CO9"
        if slot.fault is MilestoneFault.UNSIGNED_ORDER
        else None,
    )


def _billed_minor(slot: Slot) -> int:
    return slot.planned_minor if slot.fault is MilestoneFault.GROSS_BILLED else slot.amount_minor


def _signatures(
    slot: Slot, *, submitted_at: datetime, signed_at: datetime, world: World
) -> tuple[ApprovalEvent, ...]:
    manager = next(one for one in world.managers if one.id == slot.line.project.manager_id)
    signer = manager if manager.authority_limit_minor >= slot.planned_minor else world.partner
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
