"""What is billed for an item: the rounded lines, and the posting that carries them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from data.schemas.decision import Decision
from data.schemas.items import Milestone, Timesheet
from data.schemas.values import amount_minor
from data.schemas.vocabulary import AuditEvent, PostingStatus, Verdict
from service.domain.audit_entry import AuditEntry
from service.domain.posting import Posting
from service.ports.clock import Ids
from service.ports.ledger import Bill, BillingLine
from service.ports.stores import StoredItem


def make_bill(stored: StoredItem, *, decision: Decision | None, token: str) -> Bill:
    """Give the bill of an item as decided; without a decision, as submitted.

    The total is the sum of the rounded lines. An adjusted entry bills its adjusted minutes.
    """
    item = stored.item
    lines = (
        _time_lines(item, decision)
        if isinstance(item, Timesheet)
        else (_milestone_line(item, decision),)
    )
    return Bill(
        token=token,
        item_id=item.item_id,
        contract_id=item.contract_id,
        client_id=stored.client_id,
        currency=item.currency,
        period_end=item.period_end if isinstance(item, Timesheet) else item.due_on,
        lines=tuple(line for line in lines if line.amount_minor > 0),
    )


def open_posting(
    stored: StoredItem,
    *,
    decision: Decision | None,
    case_id: str | None,
    ledger: str,
    now: datetime,
    ids: Ids,
    not_before: datetime | None = None,
) -> Posting:
    """Give a pending posting; its id is its token, made before anything is sent."""
    posting_id = ids.new("post")
    bill = make_bill(stored, decision=decision, token=posting_id)
    return Posting(
        id=posting_id,
        token=posting_id,
        item_id=stored.item.item_id,
        item_seq=stored.seq,
        case_id=case_id,
        decision_id=decision.id if decision else None,
        ledger=ledger,
        status=PostingStatus.PENDING,
        bill_json=bill_to_json(bill),
        total_minor=bill.total_minor,
        currency=bill.currency,
        not_before=not_before or now,
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
    return json.dumps({
        **_members(bill),
        "period_end": bill.period_end.isoformat(),
        "lines": [_members(line) for line in bill.lines],
    })  # fmt: skip


def bill_from_json(text: str) -> Bill:
    """Read a bill written by `bill_to_json`."""
    raw: dict[str, Any] = json.loads(text)
    lines = tuple(
        BillingLine(**{**line, "source_row_ids": tuple(line["source_row_ids"])})
        for line in raw.pop("lines")
    )
    return Bill(**{**raw, "period_end": date.fromisoformat(raw["period_end"])}, lines=lines)


def _members(record: Bill | BillingLine) -> dict[str, Any]:
    """What a record holds by name; `asdict` copies all of it deeply, at ten times the cost."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _time_lines(sheet: Timesheet, decision: Decision | None) -> tuple[BillingLine, ...]:
    minutes_of = (
        {one.row_id: one.minutes_billable for one in decision.adjustments}
        if decision is not None and decision.verdict is Verdict.ADJUST
        else {}
    )
    lines = []
    for entry in sheet.entries:
        minutes = minutes_of.get(entry.id, entry.minutes_billable)
        lines.append(
            BillingLine(
                description=f"{entry.work_date} {entry.narrative}".strip()[:200],
                quantity_minutes=minutes,
                hourly_rate_minor=entry.hourly_rate_minor,
                amount_minor=amount_minor(minutes=minutes, rate_minor=entry.hourly_rate_minor),
                source_row_ids=(entry.id,),
            )
        )
    return tuple(lines)


def _milestone_line(milestone: Milestone, decision: Decision | None) -> BillingLine:
    return BillingLine(
        description=milestone.name,
        quantity_minutes=None,
        hourly_rate_minor=None,
        amount_minor=milestone.amount_minor if decision is None else decision.approved_minor,
        source_row_ids=(milestone.item_id,),
    )
