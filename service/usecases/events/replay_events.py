"""Send again what a subscriber was sent from a moment on, under the same ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from service.domain.actor import Actor
from service.domain.subscriber import Subscriber
from service.ports.stores import UnitOfWork
from service.usecases.events.see_subscriber import note_change, see_subscriber


def replay_events(
    subscriber_id: str, *, since: datetime, actor: Actor, uow: UnitOfWork, now: datetime
) -> Subscriber:
    """Put every event since a moment on its way once more, in order; nothing is skipped by it.

    A receiver that acted on an id before knows it again.
    """
    subscriber = see_subscriber(subscriber_id, actor=actor, uow=uow)
    first = uow.events.first_since(since)
    if first is None or first >= subscriber.position:
        return subscriber
    moved = replace(subscriber, position=first)
    uow.subscribers.save(moved)
    note_change("replayed", moved, actor=actor, uow=uow, now=now, since=since.isoformat())
    return moved
