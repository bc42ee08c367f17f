"""Whoever keeps subscribers sees them all; every change of one stands in the audit trail."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError
from service.domain.subscriber import OWNERS, Subscriber
from service.ports.stores import UnitOfWork


def see_subscriber(subscriber_id: str, *, actor: Actor, uow: UnitOfWork) -> Subscriber:
    """Give a subscriber to whoever keeps them. Raises NotAllowedError and NotFoundError."""
    actor.require_role(*OWNERS)
    found = uow.subscribers.get(subscriber_id)
    if found is None:
        raise NotFoundError("subscriber", subscriber_id)
    return found


def note_change(
    what: str,
    subscriber: Subscriber,
    *,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    **facts: object,
) -> None:
    """Write a change of a subscriber into the trail."""
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SUBSCRIBER_CHANGED,
            at=now,
            actor_id=actor.id,
            subject=subscriber.id,
            facts={"what": what, **facts},
        )
    )
