"""Put a name on a posting that failed for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from data.schemas.vocabulary import AuditEvent, NotificationKind
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.posting import Posting
from service.domain.wall import Wall
from service.ports.stores import UnitOfWork
from service.usecases.billing.retry_posting import MENDERS, refused_posting
from service.usecases.telling.hand_over import hand_over


def assign_posting(
    posting_id: str, *, person_id: str, actor: Actor, uow: UnitOfWork, now: datetime
) -> Posting:
    """Make a person the owner of a refused posting.

    Raises NotAllowedError, NotFoundError, PostingNotRefusedError, and InvalidRequestError for
    somebody who does not log in here or does not see the posting.
    """
    actor.require_role(*MENDERS)
    posting = refused_posting(posting_id, actor=actor, uow=uow)
    stored = uow.items.version(posting.item_seq)
    hand_over(
        f"the exception {posting.id}",
        person_id=person_id,
        may_see=partial(
            Wall.admits, client_id=stored.client_id, business_unit=stored.business_unit
        ),
        unseen="is somebody who may not see this client",
        kind=NotificationKind.EXCEPTION_ASSIGNED,
        actor=actor,
        uow=uow,
        now=now,
    )
    owned = replace(posting, owner_id=person_id)
    uow.postings.save(owned)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_ASSIGNED,
            at=now,
            actor_id=actor.id,
            subject=posting.item_id,
            facts={"posting": posting.id, "owner": person_id, "was": posting.owner_id},
        )
    )
    return owned
