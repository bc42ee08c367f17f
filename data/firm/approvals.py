"""Signatures: who approved a timesheet, how long it took, and when Countersign received it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from data.firm.chance import Chance
from data.firm.dates import is_month_end
from data.firm.drafts import ApprovalFault, EntryDraft, SheetDraft
from data.firm.inbox import Task, next_open
from data.firm.plans import LinePlan
from data.firm.world import World
from data.schemas.items import ApprovalEvent, TimeEntry, Timesheet, entries_sha256
from data.schemas.people import Person
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict

SLOW_SHARE = 0.3
QUICK_DAYS, SLOW_DAYS = (0.2, 0.7), (1.4, 2.6)
"""Median office days after which a quick and a slow approver turn to what lies in their inbox."""
MINUTES_AN_ITEM = 18.0
"""Median minutes that reading and signing takes; large items take longer."""
ROWS_FOR_TWICE = 12
SPREAD = 0.85
MONTH_END_FACTOR = 1.5
SLOWER_FACTOR = 2.5
"""What a change for the worse makes of every approver's days."""
CLIENT_DAYS = 1.6
LONGEST_DAYS, LONGEST_OFFICE_DAYS = 28.0, 20.0


class Signable(Protocol):
    """What a signature goes under."""

    @property
    def line(self) -> LinePlan:
        """The contract line it is billed on."""

    @property
    def amount_minor(self) -> int:
        """What it bills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedSheet:
    """A timesheet as it arrives, with the draft behind it."""

    item: Timesheet
    draft: SheetDraft
    received_at: datetime
    approver_days: float
    """Median office days its approver takes to turn to an item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who may sign, and the median days after which each turns to an item."""

    world: World
    days: dict[str, float]
    managers: dict[str, Person]

    def approver_of(self, item: Signable) -> Person:
        """The project's manager, or the partner above that manager's authority."""
        manager = self.managers[item.line.project.manager_id or ""]
        may_sign = manager.authority_limit_minor >= item.amount_minor
        return manager if may_sign else self.world.partner

    def days_of(self, approver: Person, *, day: date) -> float:
        """The median days of an approver for what is handed in on a day."""
        slower = self.world.drifts.slower_approvals
        is_slower = slower is not None and day >= slower
        return self.days[approver.id] * (SLOWER_FACTOR if is_slower else 1.0)

    def powerless_approver_of(self, sheet: SheetDraft) -> Person:
        """A colleague whose authority is too small for this sheet, leads before others."""
        others = [one for one in self.world.workers if one is not sheet.person]
        too_small = [one for one in others if one.authority_limit_minor < sheet.amount_minor]
        return max(too_small, key=lambda one: (one.authority_limit_minor, one.id))


def open_office(world: World, *, chance: Chance) -> Office:
    """Draw how quickly each approver turns to an item."""
    slow = chance.sample(world.managers, count=max(1, round(SLOW_SHARE * len(world.managers))))
    days = {
        person.id: chance.uniform(*(SLOW_DAYS if person in slow else QUICK_DAYS))
        for person in (world.partner, *world.managers)
    }
    managers = {person.id: person for person in world.managers}
    return Office(world=world, days=days, managers=managers)


def sheet_task(sheet: SheetDraft, *, office: Office, chance: Chance) -> Task:
    """What a timesheet is in its approver's inbox."""
    approver = office.approver_of(sheet)
    days = chance.lognormal(
        median=office.days_of(approver, day=sheet.submitted_at.date()), sigma=SPREAD
    )
    days *= MONTH_END_FACTOR if is_month_end(sheet.monday) else 1.0
    return Task(
        key=("sheet", sheet.key),
        approver_id=approver.id,
        country=approver.country,
        asked_at=sheet.submitted_at,
        office_days=min(days, LONGEST_OFFICE_DAYS),
        minutes=minutes_to_sign(len(sheet.entries), chance=chance),
        follows=None if sheet.follows is None else ("sheet", sheet.follows),
    )


def minutes_to_sign(rows: int, *, chance: Chance) -> float:
    """How long reading and signing takes."""
    return chance.lognormal(median=MINUTES_AN_ITEM * (1 + rows / ROWS_FOR_TWICE), sigma=0.5)


def sign_sheet(
    sheet: SheetDraft, *, manager_at: datetime, office: Office, chance: Chance
) -> SignedSheet:
    """A timesheet with its signatures, the manager's at a given time."""
    entries = tuple(_entry(entry, sheet=sheet) for entry in sheet.entries)
    signed = entries
    approver = office.approver_of(sheet)
    last_at = manager_at
    if sheet.approval_fault is ApprovalFault.EDITED_AFTERWARDS:
        last_at = manager_at + timedelta(hours=chance.uniform(1.0, 6.0))
        signed, entries = entries, _edited(entries, at=last_at)
    actor = _actor(sheet, approver=approver, office=office)
    events = [
        _event(ApprovalStep.SUBMIT, actor_id=sheet.person.id, at=sheet.submitted_at, rows=signed),
        _event(
            ApprovalStep.MANAGER,
            actor_id=actor.id,
            at=manager_at,
            rows=signed,
            limit_minor=_limit_minor(sheet, actor=actor, approver=approver),
        ),
    ]
    if _has_client_event(sheet):
        client_at = client_signs_at(manager_at, country=sheet.plan.client.country, chance=chance)
        contact = f"{sheet.plan.client.name} site lead"
        events.append(_event(ApprovalStep.CLIENT, actor_id=contact, at=client_at, rows=signed))
        last_at = max(last_at, client_at)
    return SignedSheet(
        item=_timesheet(sheet, entries=entries, approvals=tuple(events)),
        draft=sheet,
        received_at=last_at + timedelta(minutes=chance.between(10, 120)),
        approver_days=office.days_of(approver, day=sheet.submitted_at.date()),
    )


def client_signs_at(manager_at: datetime, *, country: str, chance: Chance) -> datetime:
    """When the client's contact signs what the manager has signed."""
    wait = chance.lognormal(median=CLIENT_DAYS, sigma=SPREAD)
    asked = manager_at + timedelta(days=min(wait, LONGEST_DAYS))
    return next_open(asked.replace(microsecond=0), country=country)


def _actor(sheet: SheetDraft, *, approver: Person, office: Office) -> Person:
    if sheet.approval_fault is ApprovalFault.SELF_APPROVED:
        return sheet.person
    if sheet.approval_fault is ApprovalFault.OVER_AUTHORITY:
        return office.powerless_approver_of(sheet)
    return approver


def _limit_minor(sheet: SheetDraft, *, actor: Person, approver: Person) -> int:
    """The authority on record: who signs for himself does it with his approver's authority."""
    is_own = sheet.approval_fault is ApprovalFault.SELF_APPROVED
    return approver.authority_limit_minor if is_own else actor.authority_limit_minor


def _has_client_event(sheet: SheetDraft) -> bool:
    is_left_out = sheet.approval_fault is ApprovalFault.CLIENT_MISSING
    return sheet.plan.is_client_sign_off_required and not is_left_out


def _event(
    step: ApprovalStep,
    *,
    actor_id: str,
    at: datetime,
    rows: tuple[TimeEntry, ...],
    limit_minor: int | None = None,
) -> ApprovalEvent:
    return ApprovalEvent(
        step=step,
        verdict=ApprovalVerdict.APPROVE,
        actor_id=actor_id,
        at=at,
        authority_limit_minor=limit_minor,
        entries_sha256=entries_sha256(rows),
    )


def _entry(entry: EntryDraft, *, sheet: SheetDraft) -> TimeEntry:
    return TimeEntry(
        id=entry.id,
        work_date=entry.work_date,
        minutes_worked=entry.minutes_worked,
        minutes_billable=entry.minutes_billable,
        project_id=sheet.line.project.id,
        task_id=entry.task_id,
        labor_category=entry.labor_category,
        hourly_rate_minor=entry.rate_minor,
        narrative=entry.narrative,
        recorded_at=min(entry.recorded_at or sheet.submitted_at, sheet.submitted_at),
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        activity=entry.activity,
        location=entry.location,
        change_order_id=entry.change_order_id,
        adjustment_reason=entry.adjustment_reason,
    )


def _edited(entries: tuple[TimeEntry, ...], *, at: datetime) -> tuple[TimeEntry, ...]:
    """The entries with the last one reworded after it was signed."""
    last = entries[-1]
    reworded = last.model_copy(
        update={"narrative": f"{last.narrative}, as discussed", "recorded_at": at}
    )
    return (*entries[:-1], reworded)


def _timesheet(
    sheet: SheetDraft, *, entries: tuple[TimeEntry, ...], approvals: tuple[ApprovalEvent, ...]
) -> Timesheet:
    return Timesheet(
        source="firm",
        external_id=sheet.external_id,
        person_id=sheet.person.id,
        contract_id=sheet.plan.id,
        line_id=sheet.line.id,
        currency=sheet.plan.client.currency,
        zone=sheet.zone,
        period_start=sheet.monday,
        period_end=sheet.monday + timedelta(days=6),
        submitted_at=sheet.submitted_at,
        entries=entries,
        approvals=approvals,
    )
