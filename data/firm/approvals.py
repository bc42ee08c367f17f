"""Signatures: who approved a timesheet, how long it took, and when Countersign received it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from data.firm.chance import Chance
from data.firm.dates import in_office_hours, is_month_end
from data.firm.drafts import ApprovalFault, EntryDraft, SheetDraft
from data.firm.plans import LinePlan
from data.firm.world import World
from data.schemas.items import ApprovalEvent, TimeEntry, Timesheet, entries_sha256
from data.schemas.people import Person
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict

SLOW_SHARE = 0.3
QUICK_DAYS, SLOW_DAYS = (0.4, 1.2), (2.5, 4.0)
"""Median days that a quick and a slow approver take, before nights and weekends are added."""
SPREAD = 0.85
MONTH_END_FACTOR = 1.5
CLIENT_DAYS = 1.6
LONGEST_DAYS = 28.0


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
    """Median days its approver takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who may sign, and the median days each takes."""

    world: World
    days: dict[str, float]

    def approver_of(self, item: Signable) -> Person:
        """The project's manager, or the partner above that manager's authority."""
        manager_id = item.line.project.manager_id
        manager = next(one for one in self.world.managers if one.id == manager_id)
        may_sign = manager.authority_limit_minor >= item.amount_minor
        return manager if may_sign else self.world.partner

    def powerless_approver_of(self, sheet: SheetDraft) -> Person:
        """A colleague whose authority is too small for this sheet, leads before others."""
        others = [one for one in self.world.workers if one is not sheet.person]
        too_small = [one for one in others if one.authority_limit_minor < sheet.amount_minor]
        return max(too_small, key=lambda one: (one.authority_limit_minor, one.id))


def open_office(world: World, *, chance: Chance) -> Office:
    """Draw how quickly each approver signs."""
    slow = chance.sample(world.managers, count=max(1, round(SLOW_SHARE * len(world.managers))))
    days = {
        person.id: chance.uniform(*(SLOW_DAYS if person in slow else QUICK_DAYS))
        for person in (world.partner, *world.managers)
    }
    return Office(world=world, days=days)


def sign_sheets(
    sheets: Sequence[SheetDraft], *, office: Office, chance: Chance
) -> tuple[SignedSheet, ...]:
    """Every timesheet with its signatures, in order of submission."""
    received: dict[int, datetime] = {}
    signed = []
    for sheet in sheets:
        after = received.get(sheet.follows) if sheet.follows is not None else None
        one = _sign(sheet, after=after, office=office, chance=chance)
        received[sheet.key] = one.received_at
        signed.append(one)
    return tuple(signed)


def _sign(
    sheet: SheetDraft, *, after: datetime | None, office: Office, chance: Chance
) -> SignedSheet:
    entries = tuple(_entry(entry, sheet=sheet) for entry in sheet.entries)
    signed = entries
    approver = office.approver_of(sheet)
    approver_days = office.days[approver.id]
    days = chance.lognormal(median=approver_days, sigma=SPREAD)
    days *= MONTH_END_FACTOR if is_month_end(sheet.monday) else 1.0
    # A follow-up is looked at after the sheet it follows, so that its arrival is the later one.
    asked_at = max(sheet.submitted_at, after or sheet.submitted_at)
    manager_at = in_office_hours(asked_at + timedelta(days=min(days, LONGEST_DAYS)), chance=chance)
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
        wait = chance.lognormal(median=CLIENT_DAYS, sigma=SPREAD)
        client_at = in_office_hours(
            manager_at + timedelta(days=min(wait, LONGEST_DAYS)), chance=chance
        )
        contact = f"{sheet.plan.client.name} site lead"
        events.append(_event(ApprovalStep.CLIENT, actor_id=contact, at=client_at, rows=signed))
        last_at = max(last_at, client_at)
    return SignedSheet(
        item=_timesheet(sheet, entries=entries, approvals=tuple(events)),
        draft=sheet,
        received_at=last_at + timedelta(minutes=chance.between(10, 120)),
        approver_days=approver_days,
    )


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
