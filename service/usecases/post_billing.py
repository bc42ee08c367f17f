"""Write a posting to the ledger: before, between and after the call everything can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from data.schemas.items import Milestone
from data.schemas.regions import Region
from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.domain.actor import WORKER
from service.domain.audit_entry import AuditEntry
from service.domain.posting import Posting
from service.ports.ledger import LedgerPort, Receipt
from service.ports.stores import UnitOfWork
from service.usecases.billed_rows import BilledRows
from service.usecases.check_gates import check_gates
from service.usecases.make_bill import bill_from_json

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What bills are held against before they leave."""

    billed: BilledRows
    regions: Mapping[str, Region]
    """Those of the product by country; one that was put in takes its place."""


def post_billing(
    posting_id: str,
    *,
    open_work: OpenWork,
    ledger: LedgerPort,
    gates: Gates,
    now: Callable[[], datetime],
) -> PostingStatus:
    """Bring one pending posting into the ledger, exactly once.

    The ledger is asked for the token before anything is created; a lost answer is found there.
    Raises BillStoppedError when a gate stops the bill, LedgerTransientError to be called again,
    LedgerRefusedError for the exception queue.
    """
    # 1. Only a pending posting leaves, and a first try only if its bill passes every gate. No
    #    transaction is open while the ledger is called.
    with open_work() as uow:
        posting = uow.postings.get(posting_id)
        if posting is None or posting.status is not PostingStatus.PENDING:
            return posting.status if posting else PostingStatus.CANCELLED
        bill = bill_from_json(posting.bill_json)
        if posting.attempts == 0:
            check_gates(posting, bill, uow=uow, billed=gates.billed, regions=gates.regions)
        uow.postings.save(replace(posting, attempts=posting.attempts + 1))
    # 2. What the ledger already has under this token was written by an earlier try, and that the
    #    gates would now take for a bill of somebody else.
    receipt = ledger.find_by_token(posting.token)
    if receipt is None:
        if posting.attempts > 0:
            with open_work() as uow:
                check_gates(posting, bill, uow=uow, billed=gates.billed, regions=gates.regions)
        receipt = ledger.create_draft(bill)
    # 3. Note what was written, and what it sets free.
    with open_work() as uow:
        return _note_done(posting_id, receipt, uow=uow, now=now())


def refuse_posting(
    posting_id: str, *, why: str, open_work: OpenWork, owner_id: str | None, now: datetime
) -> None:
    """Move a posting that failed for good to the exception queue, with its reason and an owner."""
    with open_work() as uow:
        posting = uow.postings.get(posting_id)
        if posting is None or posting.status is not PostingStatus.PENDING:
            return
        uow.postings.save(
            replace(posting, status=PostingStatus.REFUSED, error=why, owner_id=owner_id)
        )
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.POSTING_REFUSED,
                at=now,
                actor_id=WORKER.id,
                subject=posting.item_id,
                facts={"posting": posting.id, "why": why[:500], "owner": owner_id},
            )
        )


def _note_done(
    posting_id: str, receipt: Receipt, *, uow: UnitOfWork, now: datetime
) -> PostingStatus:
    posting = uow.postings.get(posting_id)
    if posting is None or posting.status is not PostingStatus.PENDING:
        return posting.status if posting else PostingStatus.CANCELLED
    uow.postings.save(
        replace(
            posting,
            status=PostingStatus.DONE,
            document_id=receipt.document_id,
            done_at=now,
            error=None,
        )
    )
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_DONE,
            at=now,
            actor_id=WORKER.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "ledger": posting.ledger,
                "document": receipt.document_id,
                "total_minor": receipt.total_minor,
                "currency": posting.currency,
            },
        )
    )
    _release_capacity(posting, uow=uow, now=now)
    return PostingStatus.DONE


def _release_capacity(posting: Posting, *, uow: UnitOfWork, now: datetime) -> None:
    """Say who is free once the last milestone of a line is billed."""
    item = uow.items.version(posting.item_seq).item
    if not isinstance(item, Milestone):
        return
    if uow.items.unbilled_milestones(contract_id=item.contract_id, line_id=item.line_id):
        return
    today = now.date()
    freed = [
        {"person": one.person_id, "assignment": one.id, "planned_until": one.end.isoformat()}
        for one in uow.references.load().assignments
        if one.project_id == item.project_id and one.start <= today < one.end
    ]
    if freed:
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.CAPACITY_RELEASED,
                at=now,
                actor_id=WORKER.id,
                subject=item.project_id,
                facts={"item": posting.item_id, "freed": freed},
            )
        )
