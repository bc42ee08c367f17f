"""Give a subscriber a new secret; the one before it signs beside it for a day."""

from __future__ import annotations

from datetime import datetime

from service.domain.actor import Actor
from service.domain.errors import NotAllowedError
from service.domain.subscriber import OVERLAP, Subscriber
from service.ports.clock import Ids
from service.ports.event_sender import SecretKeys
from service.ports.stores import UnitOfWork
from service.usecases.events.see_subscriber import note_change, see_subscriber
from service.wire.webhooks import secret_of


def rotate_secret(
    subscriber_id: str,
    *,
    actor: Actor,
    key_of: SecretKeys,
    uow: UnitOfWork,
    now: datetime,
    ids: Ids,
) -> tuple[Subscriber, str]:
    """Make a new secret; give it with its subscriber, shown once.

    Raises NotAllowedError for everybody but the person who made the subscriber.
    """
    subscriber = see_subscriber(subscriber_id, actor=actor, uow=uow)
    if subscriber.owner_id != actor.id:
        raise NotAllowedError("the person who made the subscriber: they alone see its secrets")
    secret_id = ids.new("whs")
    rotated = subscriber.rotated(secret_id, now=now)
    uow.subscribers.save(rotated)
    note_change(
        "secret_rotated", rotated, actor=actor, uow=uow, now=now,
        old_until=(now + OVERLAP).isoformat(),
    )  # fmt: skip
    return rotated, secret_of(key_of(secret_id))
