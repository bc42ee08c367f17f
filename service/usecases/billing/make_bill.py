"""What is billed for an item: the rounded lines, and the posting that carries them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from data.schemas.decision import Adjustment, Decision
from data.schemas.items import AnyItem, Expense, Milestone, TimeEntry, Timesheet
from data.schemas.values import amount_minor
from data.schemas.vocabulary import BILLING_VERDICTS, AuditEvent, PostingStatus, Verdict
from service.domain.audit_entry import AuditEntry
from service.domain.bill import Bill, BillingLine
from service.domain.posting import Posting
from service.ports.clock import Ids
from service.ports.stores import StoredItem

LONGEST_DESCRIPTION = 200
"""Characters; ledgers cut longer lines."""


def make_bill(stored: StoredItem, *, decision: Decision | None, token: str) -> Bill:
    """Give the bill of an item as decided; without a decision, as submitted.

    The total is the sum of the rounded lines. An adjusted row bills its adjusted minutes or money.
    """
    item = stored.item
    return Bill(
        token=token,
        item_id=item.item_id,
        contract_id=item.contract_id,
        client_id=stored.client_id,
        currency=item.currency,
        period_end=_period(item)[1],
        lines=tuple(line for line in _lines(item, decision) if line.amount_minor > 0),
        contract_line_id=item.line_id,
        period_start=_period(item)[0],
    )


def difference_bill(bill: Bill, *, earlier: Sequence[Bill]) -> Bill:
    """Give what is still to bill, or to credit, where the ledger has earlier bills of the same.

    One line for each row whose money changes, below zero where less is billed than before; no
    line at all where nothing changes. Totals add up: earlier bills and this one are the new bill.
    """
    described = {line.source_row_ids: line for one in (*earlier, bill) for line in one.lines}
    before, after = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for one in earlier:
        for line in one.lines:
            before[line.source_row_ids] += line.amount_minor
    for line in bill.lines:
        after[line.source_row_ids] += line.amount_minor
    lines = (
        _difference_line(line, amount_minor=after[rows] - before[rows])
        for rows, line in described.items()
    )
    return replace(
        bill,
        lines=tuple(line for line in lines if line.amount_minor != 0),
        corrects=earlier[0].token,
    )


def open_posting(stored: StoredItem, *, ledger: str, now: datetime, ids: Ids) -> Posting:
    """Give the pending posting of an item that policy cleared: it bills what was submitted."""
    bill = make_bill(stored, decision=None, token=ids.new("post"))
    return posting_of_bill(
        bill, stored=stored, decision=None, case_id=None, ledger=ledger, now=now, not_before=now
    )


def posting_of_bill(
    bill: Bill,
    *,
    stored: StoredItem,
    decision: Decision | None,
    case_id: str | None,
    ledger: str,
    now: datetime,
    not_before: datetime,
) -> Posting:
    """Give a pending posting; its id is its bill's token, made before anything is sent."""
    return Posting(
        id=bill.token,
        token=bill.token,
        item_id=stored.item.item_id,
        item_seq=stored.seq,
        case_id=case_id,
        decision_id=decision.id if decision else None,
        ledger=ledger,
        status=PostingStatus.PENDING,
        bill_json=bill_to_json(bill),
        total_minor=bill.total_minor,
        currency=bill.currency,
        not_before=not_before,
        created_at=now,
    )


def posting_enqueued(posting: Posting, *, actor_id: str) -> AuditEntry:
    """The audit entry of a posting that was opened."""
    return AuditEntry(
        event=AuditEvent.POSTING_ENQUEUED,
        at=posting.created_at,
        actor_id=actor_id,
        subject=posting.item_id,
        facts={
            "posting": posting.id,
            "total_minor": posting.total_minor,
            "currency": posting.currency,
            "ledger": posting.ledger,
        },
    )


def bill_to_json(bill: Bill) -> str:
    """Write a bill down."""
    return json.dumps(
        {**_members(bill), "lines": [_members(line) for line in bill.lines]}, default=_iso
    )


def bill_from_json(text: str) -> Bill:
    """Read a bill written by `bill_to_json`, also one written before it held as much."""
    raw: dict[str, Any] = json.loads(text)
    lines = tuple(
        BillingLine(**{
            **line,
            "source_row_ids": tuple(line["source_row_ids"]),
            "service_date": _date(line.get("service_date")),
        })
        for line in raw.pop("lines")
    )  # fmt: skip
    days = {name: _date(raw.get(name)) for name in ("period_start", "period_end")}
    return Bill(**{**raw, **days}, lines=lines)


def _iso(day: date) -> str:
    return day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _members(record: Bill | BillingLine) -> dict[str, Any]:
    """What a record holds by name; `asdict` copies all of it deeply, at ten times the cost."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _period(item: AnyItem) -> tuple[date, date]:
    """First and last day of what is billed; the days of expenses may lie outside their report's."""
    if isinstance(item, Milestone):
        return item.due_on, item.due_on
    if isinstance(item, Timesheet):
        return item.period_start, item.period_end
    incurred = [expense.incurred_on for expense in item.expenses]
    return min(item.period_start, *incurred), max(item.period_end, *incurred)


def _difference_line(line: BillingLine, *, amount_minor: int) -> BillingLine:
    return replace(
        line,
        description=f"Correction: {line.description}"[:LONGEST_DESCRIPTION],
        quantity_minutes=None,
        hourly_rate_minor=None,
        amount_minor=amount_minor,
    )


def _lines(item: AnyItem, decision: Decision | None) -> tuple[BillingLine, ...]:
    if decision is not None and decision.verdict not in BILLING_VERDICTS:
        return ()
    if isinstance(item, Milestone):
        return (_milestone_line(item, decision),)
    is_adjusted = decision is not None and decision.verdict is Verdict.ADJUST
    adjustments = decision.adjustments if decision is not None and is_adjusted else ()
    changed = {one.row_id: one for one in adjustments}
    if isinstance(item, Timesheet):
        return tuple(_time_line(entry, changed.get(entry.id)) for entry in item.entries)
    return tuple(_expense_line(expense, changed.get(expense.id)) for expense in item.expenses)


def _time_line(entry: TimeEntry, changed: Adjustment | None) -> BillingLine:
    minutes = entry.minutes_billable
    if changed is not None and changed.minutes_billable is not None:
        minutes = changed.minutes_billable
    return BillingLine(
        description=f"{entry.work_date} {entry.narrative}".strip()[:LONGEST_DESCRIPTION],
        quantity_minutes=minutes,
        hourly_rate_minor=entry.hourly_rate_minor,
        amount_minor=amount_minor(minutes=minutes, rate_minor=entry.hourly_rate_minor),
        source_row_ids=(entry.id,),
        service_date=entry.work_date,
    )


def _expense_line(expense: Expense, changed: Adjustment | None) -> BillingLine:
    billable_minor = expense.billable_minor
    if changed is not None and changed.billable_minor is not None:
        billable_minor = changed.billable_minor
    words = f"{expense.incurred_on} {expense.merchant}, {expense.category}: {expense.description}"
    return BillingLine(
        description=words.removesuffix(": ")[:LONGEST_DESCRIPTION],
        quantity_minutes=None,
        hourly_rate_minor=None,
        amount_minor=billable_minor,
        source_row_ids=(expense.id,),
        service_date=expense.incurred_on,
    )


def _milestone_line(milestone: Milestone, decision: Decision | None) -> BillingLine:
    return BillingLine(
        description=milestone.name,
        quantity_minutes=None,
        hourly_rate_minor=None,
        amount_minor=milestone.amount_minor if decision is None else decision.approved_minor,
        source_row_ids=(milestone.item_id,),
        service_date=milestone.due_on,
    )
