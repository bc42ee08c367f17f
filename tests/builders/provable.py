"""A second opinion on a generated firm: the codes that its published facts prove.

It reads contracts, sheets and the ledger only, as an outsider would, and knows nothing of how
the firm was drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.firm.records import Firm, Submission
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import Contract
from data.schemas.items import (
    ExpenseReport,
    Milestone,
    TimeEntry,
    Timesheet,
    entries_sha256,
    expenses_sha256,
)
from data.schemas.people import Assignment
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ClauseKind, InvoiceStatus

Found = dict[str, set[ExceptionCode]]
COVERED = frozenset(
    {
        ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE,
        ExceptionCode.LABOR_CATEGORY_HOURS_CAP,
        ExceptionCode.RATE_MISMATCH,
        ExceptionCode.UNASSIGNED_RESOURCE,
        ExceptionCode.DAILY_HOURS_EXCEEDED,
        ExceptionCode.DUPLICATE_TIME_ENTRY,
        ExceptionCode.LATE_TIME_SUBMISSION,
        ExceptionCode.APPROVAL_VIOLATION,
        ExceptionCode.ALREADY_INVOICED,
        ExceptionCode.FUTURE_DATED_TIME,
        ExceptionCode.NONBILLABLE_ACTIVITY_BILLED,
        ExceptionCode.RECEIPT_MISSING,
        ExceptionCode.MILESTONE_ACCEPTANCE_MISSING,
        ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
        ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE,
    }
)
"""The codes that this opinion covers; the others have one in `models.rules` alone."""


def provable_codes(firm: Firm) -> Found:
    """The exception codes of every item, by item id; items without one are left out."""
    found: Found = defaultdict(set)
    for item_id, code in _codes(firm):
        found[item_id].add(code)
    return dict(found)


def told_codes(firm: Firm) -> Found:
    """What the truth says of the codes covered here, by item id."""
    told = {
        item_id: {
            fault.code for fault in truth.faults if not fault.is_hidden and fault.code in COVERED
        }
        for item_id, truth in firm.truth.items()
    }
    return {item_id: codes for item_id, codes in told.items() if codes}


def terms_of(contract: Contract, kind: ClauseKind, *, line_id: str):
    """The terms of a kind that govern a line, or None."""
    own = [c for c in contract.clauses if c.terms.kind is kind and c.line_id == line_id]
    general = [c for c in contract.clauses if c.terms.kind is kind and c.line_id is None]
    return (own or general)[0].terms if own or general else None


def executed(contract: Contract, *, day: date, line_id: str):
    """The change orders of a line in force on a day."""
    return [
        order
        for order in contract.change_orders
        if order.status == "executed"
        and order.effective_on <= day
        and order.line_id in {None, line_id}
    ]


def _codes(firm: Firm) -> Iterator[tuple[str, ExceptionCode]]:
    sheets = [one for one in firm.submissions if isinstance(one.item, Timesheet)]
    arrived = sorted(
        ((one.received_at, entry, one.item) for one in sheets for entry in one.item.entries),
        key=lambda row: (
            row[0],
            row[2].submitted_at,
            row[2].item_id,
            row[1].work_date,
            row[1].recorded_at,
            row[1].id,
        ),
    )
    rows = [(entry, sheet) for _, entry, sheet in arrived]
    stays: dict[str, list[Assignment]] = defaultdict(list)
    for stay in firm.reference.assignments:
        stays[stay.person_id].append(stay)
    for entry, sheet in rows:
        for code in _entry_codes(firm, entry, sheet, stays):
            yield sheet.item_id, code
    yield from _running_codes(firm, rows)
    issued = _issue_times(firm)
    for one in firm.submissions:
        if not isinstance(one.item, Milestone):
            yield from _signed_codes(firm, one, issued)
        if isinstance(one.item, ExpenseReport):
            yield from _expense_codes(firm, one.item)
    for one in firm.submissions:
        if isinstance(one.item, Milestone):
            yield from _milestone_codes(firm, one)


def _entry_codes(
    firm: Firm, entry: TimeEntry, sheet: Timesheet, stays: dict[str, list[Assignment]]
) -> Iterator[ExceptionCode]:
    contract = firm.reference.contracts[sheet.contract_id]
    line = {"line_id": sheet.line_id}
    period = terms_of(contract, ClauseKind.PERIOD_OF_PERFORMANCE, **line)
    orders = executed(contract, day=entry.work_date, **line)
    end = max([period.end, *(order.new_period_end for order in orders if order.new_period_end)])
    if not period.start <= entry.work_date <= end:
        yield ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE
    cards = [
        row.hourly_rate_minor
        for row in contract.rate_card
        if row.line_id == sheet.line_id
        and row.labor_category == entry.labor_category
        and row.valid_from <= entry.work_date
        and (row.valid_to is None or entry.work_date <= row.valid_to)
        and row.location in {None, entry.location}
    ]
    # The rate of the place stands after the one without a place.
    if cards[-1] != entry.hourly_rate_minor:
        yield ExceptionCode.RATE_MISMATCH
    if not any(
        stay.project_id == entry.project_id and stay.start <= entry.work_date <= stay.end
        for stay in stays.get(sheet.person_id, ())
    ):
        yield ExceptionCode.UNASSIGNED_RESOURCE
    submitted_on = sheet.submitted_at.astimezone(ZoneInfo(sheet.zone)).date()
    timely = terms_of(contract, ClauseKind.TIMELY_BILLING, **line)
    months = (submitted_on.year - entry.work_date.year) * 12 + submitted_on.month
    months -= entry.work_date.month
    is_cut_off = timely.cut_off_day is not None and (
        months > 1 or (months == 1 and submitted_on.day > timely.cut_off_day)
    )
    if submitted_on - entry.work_date > timedelta(days=timely.late_days) or is_cut_off:
        yield ExceptionCode.LATE_TIME_SUBMISSION
    if submitted_on < entry.work_date:
        yield ExceptionCode.FUTURE_DATED_TIME
    excluded = terms_of(contract, ClauseKind.EXCLUSIONS, **line)
    restated = [clause.terms for order in orders for clause in order.clauses]
    excluded = next((one for one in restated if one.kind is ClauseKind.EXCLUSIONS), excluded)
    if excluded and entry.activity in excluded.activities:
        yield ExceptionCode.NONBILLABLE_ACTIVITY_BILLED


def _running_codes(
    firm: Firm, rows: list[tuple[TimeEntry, Timesheet]]
) -> Iterator[tuple[str, ExceptionCode]]:
    """Codes that depend on what arrived before."""
    hours: dict[object, int] = defaultdict(int)
    days: dict[object, int] = defaultdict(int)
    seen: set[object] = set()
    for entry, sheet in rows:
        contract = firm.reference.contracts[sheet.contract_id]
        line = {"line_id": sheet.line_id}
        place = (sheet.line_id, entry.labor_category)
        hours[place] += entry.minutes_billable
        cap = terms_of(contract, ClauseKind.LABOR_CATEGORY_HOURS, **line)
        if cap and cap.labor_category == place[1] and hours[place] > cap.cap_minutes:
            yield sheet.item_id, ExceptionCode.LABOR_CATEGORY_HOURS_CAP
        day = (sheet.person_id, entry.work_date)
        days[day] += entry.minutes_worked
        limit = terms_of(contract, ClauseKind.WORKING_TIME, **line).max_daily_minutes
        if days[day] > limit:
            yield sheet.item_id, ExceptionCode.DAILY_HOURS_EXCEEDED
        words = " ".join(
            "".join(c if c.isalnum() else " " for c in entry.narrative.lower()).split()
        )
        mark = (*day, entry.task_id, entry.minutes_worked, words)
        if mark in seen:
            yield sheet.item_id, ExceptionCode.DUPLICATE_TIME_ENTRY
        seen.add(mark)


def _issue_times(firm: Firm) -> dict[str, list[datetime]]:
    """When each row was billed on an invoice that still stands."""
    issued: dict[str, list[datetime]] = defaultdict(list)
    for invoice in firm.invoices:
        if invoice.status not in {InvoiceStatus.CREDITED, InvoiceStatus.DRAFT}:
            for line in invoice.lines:
                issued[line.row_id].append(invoice.issued_at)
    return issued


def _expense_codes(firm: Firm, report: ExpenseReport) -> Iterator[tuple[str, ExceptionCode]]:
    contract = firm.reference.contracts[report.contract_id]
    terms = terms_of(contract, ClauseKind.EXPENSE_SUBSTANTIATION, line_id=report.line_id)
    for expense in report.expenses:
        is_due = terms and expense.cost_minor >= terms.receipt_threshold_minor
        if is_due and expense.receipt_sha256 is None:
            yield report.item_id, ExceptionCode.RECEIPT_MISSING


def _signed_codes(
    firm: Firm, one: Submission, issued: dict[str, list[datetime]]
) -> Iterator[tuple[str, ExceptionCode]]:
    sheet = one.item
    is_sheet = isinstance(sheet, Timesheet)
    rows = sheet.entries if is_sheet else sheet.expenses
    signed = entries_sha256(rows) if is_sheet else expenses_sha256(rows)
    contract = firm.reference.contracts[sheet.contract_id]
    terms = terms_of(contract, ClauseKind.APPROVAL, line_id=sheet.line_id)
    manager = next(event for event in sheet.approvals if event.step is ApprovalStep.MANAGER)
    has_client = any(event.step is ApprovalStep.CLIENT for event in sheet.approvals)
    if (
        manager.actor_id == sheet.person_id
        or manager.authority_limit_minor < sheet.amount_minor
        or (terms.is_client_sign_off_required and not has_client)
        or any(event.entries_sha256 != signed for event in sheet.approvals)
    ):
        yield sheet.item_id, ExceptionCode.APPROVAL_VIOLATION
    if any(issued_at < one.received_at for row in rows for issued_at in issued.get(row.id, ())):
        yield sheet.item_id, ExceptionCode.ALREADY_INVOICED


def _milestone_codes(firm: Firm, one: Submission) -> Iterator[tuple[str, ExceptionCode]]:
    milestone = one.item
    contract = firm.reference.contracts[milestone.contract_id]
    terms = terms_of(contract, ClauseKind.ACCEPTANCE, line_id=milestone.line_id)
    accepted = [e.at for e in milestone.acceptance if e.kind is AcceptanceKind.ACCEPTED]
    if not accepted:
        yield milestone.item_id, ExceptionCode.MILESTONE_ACCEPTANCE_MISSING
    else:
        zone = ZoneInfo(milestone.zone)
        days = [moment.astimezone(zone).date() for moment in (accepted[0], one.received_at)]
        if days[1] - days[0] > timedelta(days=terms.bill_within_days):
            yield milestone.item_id, ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE
    missing = set(milestone.evidence_required) - set(milestone.evidence_provided)
    if missing or milestone.open_predecessors:
        yield milestone.item_id, ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE
