"""Signatures under expense reports, and when Countersign received them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.firm.approvals import CLIENT_DAYS, LONGEST_DAYS, SPREAD, Office
from data.firm.chance import Chance
from data.firm.dates import in_office_hours, month_end
from data.firm.drafts import ApprovalFault
from data.firm.expenses import ReportDraft
from data.schemas.items import ApprovalEvent, Expense, ExpenseReport, expenses_sha256
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReport:
    """An expense report as it arrives, with the draft behind it."""

    item: ExpenseReport
    draft: ReportDraft
    received_at: datetime
    approver_days: float
    """Median days its approver takes."""


def sign_reports(
    reports: Sequence[ReportDraft], *, office: Office, chance: Chance
) -> tuple[SignedReport, ...]:
    """Every expense report with its signatures, in order of submission."""
    return tuple(_sign(report, office=office, chance=chance) for report in reports)


def _sign(report: ReportDraft, *, office: Office, chance: Chance) -> SignedReport:
    approver = office.approver_of(report)
    median = office.days[approver.id]
    days = min(chance.lognormal(median=median, sigma=SPREAD), LONGEST_DAYS)
    manager_at = in_office_hours(report.submitted_at + timedelta(days=days), chance=chance)
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
        wait = chance.lognormal(median=CLIENT_DAYS, sigma=SPREAD)
        last_at = in_office_hours(manager_at + timedelta(days=min(wait, LONGEST_DAYS)),
                                  chance=chance)  # fmt: skip
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
        approver_days=median,
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
