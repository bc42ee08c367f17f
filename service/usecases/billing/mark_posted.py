"""Note that somebody wrote a bill into the ledger by hand: the way out that needs no connector."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.values import minor_per_major
from data.schemas.vocabulary import AuditEvent, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import DocumentTakenError
from service.domain.posting import Posting
from service.ports.stores import UnitOfWork
from service.usecases.billing.release_capacity import release_capacity
from service.usecases.billing.retry_posting import MENDERS, refused_posting


def mark_posted(
    posting_id: str,
    *,
    document_id: str,
    reason: str,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> Posting:
    """Count a refused posting as done under the number of its document, which is its alone.

    From the four-eyes limit on this takes an approver: nothing but a person's word vouches for it.
    Raises NotAllowedError, NotFoundError, PostingNotRefusedError and DocumentTakenError.
    """
    actor.require_role(*MENDERS, Role.APPROVER)
    posting = refused_posting(posting_id, actor=actor, uow=uow)
    limit_minor = uow.policies.in_force().four_eyes_major * minor_per_major(posting.currency)
    if posting.total_minor >= limit_minor:
        actor.require_role(Role.APPROVER)
    other = uow.postings.of_document(posting.ledger, document_id)
    if other is not None:
        raise DocumentTakenError(document_id, posting_id=other.id)
    done = replace(
        posting, status=PostingStatus.DONE, document_id=document_id, done_at=now, error=None
    )
    uow.postings.save(done)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_MARKED_POSTED,
            at=now,
            actor_id=actor.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "ledger": posting.ledger,
                "document": document_id,
                "total_minor": posting.total_minor,
                "currency": posting.currency,
                "reason": reason,
                "was": posting.error,
            },
        )
    )
    release_capacity(done, uow=uow, now=now)
    return done
