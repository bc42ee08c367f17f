"""Stop sending to a subscriber, and go on where it stopped."""

from __future__ import annotations

from datetime import datetime

from service.domain.actor import Actor
from service.domain.subscriber import Subscriber
from service.ports.stores import UnitOfWork
from service.usecases.events.see_subscriber import note_change, see_subscriber


def disable_subscriber(
    subscriber_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime
) -> Subscriber:
    """Send nothing more; what waits stays. Done twice it is done once."""
    subscriber = see_subscriber(subscriber_id, actor=actor, uow=uow)
    if not subscriber.is_active:
        return subscriber
    disabled = subscriber.disabled(f"{actor.name} disabled it")
    uow.subscribers.save(disabled)
    note_change("disabled", disabled, actor=actor, uow=uow, now=now)
    return disabled


def enable_subscriber(
    subscriber_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime
) -> Subscriber:
    """Go on with the event it stopped at, and try at once what waits for a later try."""
    subscriber = see_subscriber(subscriber_id, actor=actor, uow=uow)
    was_active = subscriber.is_active
    enabled = subscriber.enabled()
    uow.subscribers.save(enabled)
    uow.event_deliveries.try_anew(subscriber_id, now=now)
    if not was_active:
        note_change("enabled", enabled, actor=actor, uow=uow, now=now)
    return enabled
