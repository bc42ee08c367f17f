"""Put a name on a posting that failed for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, NotificationKind
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError
from service.domain.posting import Posting
from service.ports.stores import UnitOfWork
from service.usecases.billing.retry_posting import MENDERS, refused_posting
from service.usecases.telling.notify import notify


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
    account = uow.accounts.by_person(person_id)
    if account is None or not account.is_active:
        raise InvalidRequestError("person_id", person_id, "is nobody who can log in here")
    if not account.wall.admits(client_id=stored.client_id, business_unit=stored.business_unit):
        raise InvalidRequestError("person_id", person_id, "is somebody who may not see this client")
    owned = replace(posting, owner_id=person_id)
    uow.postings.save(owned)
    if person_id != actor.id:
        notify(
            person_id,
            kind=NotificationKind.EXCEPTION_ASSIGNED,
            text=f"{actor.name} gave you the exception {posting.id}.",
            uow=uow,
            now=now,
        )
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
