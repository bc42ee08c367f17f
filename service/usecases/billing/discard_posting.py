"""Give up a posting that failed for good: its bill never leaves from here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.values import minor_per_major
from data.schemas.vocabulary import AuditEvent, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.posting import Posting
from service.ports.stores import UnitOfWork
from service.usecases.billing.retry_posting import MENDERS, refused_posting


def discard_posting(
    posting_id: str, *, reason: str, actor: Actor, uow: UnitOfWork, now: datetime
) -> Posting:
    """Cancel a refused posting, with the reason in the trail.

    From the four-eyes limit on, giving up a bill takes an approver: it is money not billed.
    Raises NotAllowedError, NotFoundError and PostingNotRefusedError.
    """
    actor.require_role(*MENDERS, Role.APPROVER)
    posting = refused_posting(posting_id, actor=actor, uow=uow)
    limit_minor = uow.policies.in_force().four_eyes_major * minor_per_major(posting.currency)
    if posting.total_minor >= limit_minor:
        actor.require_role(Role.APPROVER)
    given_up = replace(posting, status=PostingStatus.CANCELLED, error=f"Discarded: {reason}")
    uow.postings.save(given_up)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_DISCARDED,
            at=now,
            actor_id=actor.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "total_minor": posting.total_minor,
                "currency": posting.currency,
                "reason": reason,
                "was": posting.error,
            },
        )
    )
    return given_up
