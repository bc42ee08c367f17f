"""Withdraw an item that was deleted at its source: a tombstone, never a deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError
from service.domain.posting import Posting
from service.ports.stores import Fact, FactKind, StoredItem, UnitOfWork
from service.usecases.queue.close_cases import close_cases
from service.usecases.queue.open_cases import open_returned_case
from service.wire.items import Withdrawal

TITLE = "Deleted at the source after it was billed"


def withdraw_item(
    item_id: str, *, reason: str, actor: Actor, uow: UnitOfWork, now: datetime
) -> Withdrawal:
    """Let an item count no longer; what has left as a bill comes before a person.

    Repeating it changes nothing. A later version of the item brings it back.
    Raises NotFoundError for an item never received, or behind the actor's wall.
    """
    # 1. Only what is there can go, and it goes once.
    stored = uow.items.newest(item_id)
    if stored is None or not _is_seen(stored, actor):
        raise NotFoundError("item", item_id)
    if stored.withdrawn_at is not None:
        return Withdrawal(item_id=item_id, withdrawn_at=stored.withdrawn_at)
    # 2. It counts no longer: not for limits, and not for duplicates.
    uow.items.withdraw(stored.seq, at=now)
    uow.facts.add([Fact(kind=FactKind.ITEM_WITHDRAWN, subject_id=str(stored.seq), at=now)])
    # 3. Nobody decides on it any more, and no bill of it leaves.
    close_cases([item_id], why="the item was deleted at its source", uow=uow, now=now)
    billed = _stop_postings(item_id, uow=uow, now=now)
    # 4. A bill that has left must be credited by somebody.
    case_id = None if billed is None else _case_of(stored, billed, uow=uow, now=now)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.ITEM_WITHDRAWN,
            at=now,
            actor_id=actor.id,
            subject=item_id,
            facts={
                "item_sha256": stored.sha256,
                "reason": reason,
                "posting": billed.id if billed else None,
                "case": case_id,
            },
        )
    )
    return Withdrawal(
        item_id=item_id,
        withdrawn_at=now,
        posting_id=billed.id if billed else None,
        case_id=case_id,
    )


def _is_seen(stored: StoredItem, actor: Actor) -> bool:
    return actor.sees(client_id=stored.client_id, business_unit=stored.business_unit)


def _stop_postings(item_id: str, *, uow: UnitOfWork, now: datetime) -> Posting | None:
    """Cancel what has not left; give the bill that has, if there is one."""
    billed = None
    for posting in uow.postings.of_item(item_id):
        is_waiting = posting.status is PostingStatus.PENDING and now < posting.not_before
        if is_waiting or posting.status is PostingStatus.REFUSED:
            uow.postings.save(replace(posting, status=PostingStatus.CANCELLED, done_at=now))
            uow.facts.add([Fact(kind=FactKind.BILL_WITHDRAWN, subject_id=posting.id, at=now)])
        elif posting.status is not PostingStatus.CANCELLED:
            billed = posting
    return billed


def _case_of(stored: StoredItem, billed: Posting, *, uow: UnitOfWork, now: datetime) -> str | None:
    key = (stored.item.item_id, stored.sha256)
    assessment_id = uow.items.find_versions([key]).get(key)
    assessment = None if assessment_id is None else uow.items.assessment(assessment_id)
    if assessment is None:
        return None
    why = f"{TITLE} ({billed.document_id or billed.id})"
    return open_returned_case(stored, assessment, title=why, uow=uow, now=now).id
