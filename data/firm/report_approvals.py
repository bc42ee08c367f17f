"""Signatures under expense reports, and when Countersign received them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.firm.approvals import (
    LONGEST_OFFICE_DAYS,
    SPREAD,
    Office,
    client_signs_at,
    minutes_to_sign,
)
from data.firm.chance import Chance
from data.firm.dates import month_end
from data.firm.drafts import ApprovalFault
from data.firm.expenses import ReportDraft
from data.firm.inbox import Task
from data.schemas.items import ApprovalEvent, Expense, ExpenseReport, expenses_sha256
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReport:
    """An expense report as it arrives, with the draft behind it."""

    item: ExpenseReport
    draft: ReportDraft
    received_at: datetime
    approver_days: float
    """Median office days its approver takes to turn to an item."""


def report_task(report: ReportDraft, *, office: Office, chance: Chance) -> Task:
    """What a report is in its approver's inbox."""
    approver = office.approver_of(report)
    median = office.days_of(approver, day=report.submitted_at.date())
    return Task(
        key=("report", report.key),
        approver_id=approver.id,
        country=approver.country,
        asked_at=report.submitted_at,
        office_days=min(chance.lognormal(median=median, sigma=SPREAD), LONGEST_OFFICE_DAYS),
        minutes=minutes_to_sign(len(report.expenses), chance=chance),
    )


def sign_report(
    report: ReportDraft, *, manager_at: datetime, office: Office, chance: Chance
) -> SignedReport:
    """An expense report with its signatures, the manager's at a given time."""
    approver = office.approver_of(report)
    is_own = report.approval_fault is ApprovalFault.SELF_APPROVED
    limit_minor = approver.authority_limit_minor
    events = [
        _event(report, step=ApprovalStep.SUBMIT, actor_id=report.person.id,
               at=report.submitted_at),
        _event(report, step=ApprovalStep.MANAGER,
               actor_id=report.person.id if is_own else approver.id,
               at=manager_at, limit_minor=limit_minor),
    ]  # fmt: skip
    last_at = manager_at
    if report.plan.is_client_sign_off_required:
        last_at = client_signs_at(manager_at, country=report.plan.client.country, chance=chance)
        contact = f"{report.plan.client.name} site lead"
        events.append(_event(report, step=ApprovalStep.CLIENT, actor_id=contact, at=last_at))
    expenses = report.expenses
    if report.approval_fault is ApprovalFault.EDITED_AFTERWARDS:
        last_at += timedelta(hours=chance.uniform(1.0, 6.0))
        expenses = _edited(expenses)
    return SignedReport(
        item=_report(report, expenses=expenses, approvals=tuple(events)),
        draft=report,
        received_at=last_at + timedelta(minutes=chance.between(10, 120)),
        approver_days=office.days_of(approver, day=report.submitted_at.date()),
    )


def _event(
    report: ReportDraft,
    *,
    step: ApprovalStep,
    actor_id: str,
    at: datetime,
    limit_minor: int | None = None,
) -> ApprovalEvent:
    return ApprovalEvent(
        step=step,
        verdict=ApprovalVerdict.APPROVE,
        actor_id=actor_id,
        at=at,
        authority_limit_minor=limit_minor,
        entries_sha256=expenses_sha256(report.expenses),
    )


def _edited(expenses: tuple[Expense, ...]) -> tuple[Expense, ...]:
    """The expenses with a remark that nobody signed."""
    last = expenses[-1].model_copy(update={"description": "Corrected afterwards"})
    return (*expenses[:-1], last)


def _report(
    report: ReportDraft, *, expenses: tuple[Expense, ...], approvals: tuple[ApprovalEvent, ...]
) -> ExpenseReport:
    first = report.trip.start.replace(day=1)
    return ExpenseReport(
        source="firm",
        external_id=report.external_id,
        person_id=report.person.id,
        contract_id=report.plan.id,
        line_id=report.line.id,
        currency=report.plan.client.currency,
        zone=report.zone,
        period_start=first,
        period_end=month_end(first),
        submitted_at=report.submitted_at,
        expenses=expenses,
        approvals=approvals,
    )
