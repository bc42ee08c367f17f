"""Mend what a bill says where a ledger or a gate would not have it, and try it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.bill import Bill
from service.domain.errors import InvalidRequestError, MayBeWrittenError
from service.domain.posting import Posting
from service.ports.clock import Ids
from service.ports.engine import Engine
from service.ports.stores import UnitOfWork
from service.usecases.billing.make_bill import bill_from_json, bill_to_json
from service.usecases.billing.retry_posting import MENDERS, refused_posting, retry_posting
from service.wire.postings import EditRequest


def edit_posting(
    posting_id: str,
    request: EditRequest,
    *,
    actor: Actor,
    uow: UnitOfWork,
    engine: Engine,
    now: datetime,
    ids: Ids,
) -> Posting:
    """Change the period or the words of a refused bill, and send it off again.

    Its token stays: should the ledger hold it after all, it refuses the changed bill instead of
    taking a second one. Money, rows and tax follow from contract and item, and are mended there.
    Raises NotAllowedError, NotFoundError, PostingNotRefusedError, MayBeWrittenError and
    InvalidRequestError.
    """
    actor.require_role(*MENDERS)
    posting = refused_posting(posting_id, actor=actor, uow=uow)
    failure = uow.failures.get(posting_id)
    if failure is None or not failure.is_surely_unwritten:
        raise MayBeWrittenError(posting_id)
    before = bill_from_json(posting.bill_json)
    after = edited(before, request)
    uow.postings.save(replace(posting, bill_json=bill_to_json(after)))
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_EDITED,
            at=now,
            actor_id=actor.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "reason": request.reason,
                "was": _said(before),
                "is": _said(after),
            },
        )
    )
    return retry_posting(
        posting_id, reason=request.reason, actor=actor, uow=uow, engine=engine, now=now, ids=ids
    )


def edited(bill: Bill, request: EditRequest) -> Bill:
    """Give the bill with other days or words. Raises InvalidRequestError where nothing changes."""
    lines = list(bill.lines)
    for one in request.lines:
        if one.place > len(lines):
            raise InvalidRequestError("lines", one.place, f"the bill has {len(lines)} line(s)")
        lines[one.place - 1] = replace(lines[one.place - 1], description=one.description)
    after = replace(
        bill,
        lines=tuple(lines),
        period_start=request.period_start or bill.period_start,
        period_end=request.period_end or bill.period_end,
    )
    if after == bill:
        raise InvalidRequestError("lines", None, "changes nothing; retry the bill as it is")
    if after.period_start is not None and after.period_end < after.period_start:
        raise InvalidRequestError("period_end", after.period_end, "lies before the first day")
    return after


def _said(bill: Bill) -> dict[str, object]:
    """What of a bill may be edited; the words of its lines stay out of the trail."""
    return {
        "period_start": bill.period_start.isoformat() if bill.period_start else None,
        "period_end": bill.period_end.isoformat(),
        "lines": len(bill.lines),
    }
