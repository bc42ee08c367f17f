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
from data.schemas.items import Milestone, TimeEntry, Timesheet, entries_sha256
from data.schemas.people import Assignment
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ClauseKind, InvoiceStatus

Found = dict[str, set[ExceptionCode]]


def provable_codes(firm: Firm) -> Found:
    """The exception codes of every item, by item id; items without one are left out."""
    found: Found = defaultdict(set)
    for item_id, code in _codes(firm):
        found[item_id].add(code)
    return dict(found)


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
        key=lambda row: (row[0], row[1].work_date, row[2].submitted_at, row[1].id),
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
    for one in sheets:
        yield from _sheet_codes(firm, one, issued)
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
    ]
    if cards != [entry.hourly_rate_minor]:
        yield ExceptionCode.RATE_MISMATCH
    if not any(
        stay.project_id == entry.project_id and stay.start <= entry.work_date <= stay.end
        for stay in stays.get(sheet.person_id, ())
    ):
        yield ExceptionCode.UNASSIGNED_RESOURCE
    submitted_on = sheet.submitted_at.astimezone(ZoneInfo(sheet.zone)).date()
    late_days = terms_of(contract, ClauseKind.TIMELY_BILLING, **line).late_days
    if submitted_on - entry.work_date > timedelta(days=late_days):
        yield ExceptionCode.LATE_TIME_SUBMISSION


def _running_codes(
    firm: Firm, rows: list[tuple[TimeEntry, Timesheet]]
) -> Iterator[tuple[str, ExceptionCode]]:
    """Codes that depend on what arrived before."""
    money: dict[object, int] = defaultdict(int)
    hours: dict[object, int] = defaultdict(int)
    days: dict[object, int] = defaultdict(int)
    seen: set[object] = set()
    for entry, sheet in rows:
        contract = firm.reference.contracts[sheet.contract_id]
        line = {"line_id": sheet.line_id}
        money[sheet.line_id] += entry.amount_minor
        ceiling = terms_of(contract, ClauseKind.NOT_TO_EXCEED, **line)
        raised = sum(
            order.delta_value_minor for order in executed(contract, day=entry.work_date, **line)
        )
        if ceiling and money[sheet.line_id] > ceiling.limit_minor + raised:
            yield sheet.item_id, ExceptionCode.NOT_TO_EXCEED_BREACH
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
        mark = (*day, entry.task_id, entry.minutes_billable, words)
        if mark in seen:
            yield sheet.item_id, ExceptionCode.DUPLICATE_TIME_ENTRY
        seen.add(mark)


def _issue_times(firm: Firm) -> dict[str, list[datetime]]:
    """When each entry was billed on an invoice that still stands."""
    issued: dict[str, list[datetime]] = defaultdict(list)
    for invoice in firm.invoices:
        if invoice.status not in {InvoiceStatus.CREDITED, InvoiceStatus.DRAFT}:
            for line in invoice.lines:
                if line.entry_id is not None:
                    issued[line.entry_id].append(invoice.issued_at)
    return issued


def _sheet_codes(
    firm: Firm, one: Submission, issued: dict[str, list[datetime]]
) -> Iterator[tuple[str, ExceptionCode]]:
    sheet = one.item
    contract = firm.reference.contracts[sheet.contract_id]
    terms = terms_of(contract, ClauseKind.APPROVAL, line_id=sheet.line_id)
    manager = next(event for event in sheet.approvals if event.step is ApprovalStep.MANAGER)
    has_client = any(event.step is ApprovalStep.CLIENT for event in sheet.approvals)
    if (
        manager.actor_id == sheet.person_id
        or manager.authority_limit_minor < sheet.amount_minor
        or (terms.is_client_sign_off_required and not has_client)
        or any(event.entries_sha256 != entries_sha256(sheet.entries) for event in sheet.approvals)
    ):
        yield sheet.item_id, ExceptionCode.APPROVAL_VIOLATION
    if any(
        issued_at < one.received_at
        for entry in sheet.entries
        for issued_at in issued.get(entry.id, ())
    ):
        yield sheet.item_id, ExceptionCode.ALREADY_INVOICED


def _milestone_codes(firm: Firm, one: Submission) -> Iterator[tuple[str, ExceptionCode]]:
    milestone = one.item
    contract = firm.reference.contracts[milestone.contract_id]
    terms = terms_of(contract, ClauseKind.ACCEPTANCE, line_id=milestone.line_id)
    accepted = [e.at for e in milestone.acceptance if e.kind is AcceptanceKind.ACCEPTED]
    if not accepted:
        yield milestone.item_id, ExceptionCode.MILESTONE_ACCEPTANCE_MISSING
    elif (one.received_at - accepted[0]).days > terms.bill_within_days:
        yield milestone.item_id, ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE
    missing = set(milestone.evidence_required) - set(milestone.evidence_provided)
    if missing or milestone.open_predecessors:
        yield milestone.item_id, ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE
