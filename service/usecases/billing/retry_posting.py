"""Have a posting that failed for good tried once more, under the token it always had."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError, PostingNotRefusedError
from service.domain.failure import begun_anew
from service.domain.posting import Posting
from service.ports.clock import Ids
from service.ports.engine import Engine
from service.ports.stores import UnitOfWork

MENDERS = (Role.INTEGRATION_OWNER, Role.ADMIN)
"""Who works on the exception queue."""
LONGEST_TOLD = 500
"""Characters of an old error that the audit trail keeps."""


def retry_posting(
    posting_id: str,
    *,
    reason: str,
    actor: Actor,
    uow: UnitOfWork,
    engine: Engine,
    now: datetime,
    ids: Ids,
) -> Posting:
    """Put a refused posting back on its way; whoever mended the cause says what was done.

    Raises NotAllowedError, NotFoundError and PostingNotRefusedError.
    """
    actor.require_role(*MENDERS)
    posting = refused_posting(posting_id, actor=actor, uow=uow)
    pending = replace(posting, status=PostingStatus.PENDING, error=None, owner_id=None)
    uow.postings.save(pending)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_RETRIED,
            at=now,
            actor_id=actor.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "reason": reason,
                "was": (posting.error or "")[:LONGEST_TOLD],
            },
        )
    )
    failure = uow.failures.get(posting_id)
    if failure is not None:
        uow.failures.save(begun_anew(failure))
    engine.enqueue_retry(uow, [posting.id], retry_id=ids.new("retry"))
    return pending


def posting_seen(posting_id: str, *, actor: Actor, uow: UnitOfWork) -> Posting:
    """Give a posting on the actor's side of the wall. Raises NotFoundError."""
    posting = uow.postings.get(posting_id)
    if posting is None:
        raise NotFoundError("posting", posting_id)
    stored = uow.items.version(posting.item_seq)
    if not actor.sees(client_id=stored.client_id, business_unit=stored.business_unit):
        raise NotFoundError("posting", posting_id)
    return posting


def refused_posting(posting_id: str, *, actor: Actor, uow: UnitOfWork) -> Posting:
    """Give a posting of the exception queue. Raises NotFoundError, PostingNotRefusedError."""
    posting = posting_seen(posting_id, actor=actor, uow=uow)
    if posting.status is not PostingStatus.REFUSED:
        raise PostingNotRefusedError(posting_id, status=posting.status)
    return posting
