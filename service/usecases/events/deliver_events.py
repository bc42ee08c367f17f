"""Bring events to one subscriber: in order per case, at least once, and never past a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import NotificationKind
from service.domain.account import Account
from service.domain.actor import WORKER
from service.domain.event import SEQUENCE_DIGITS, Delivery, Event, next_try
from service.domain.subscriber import OWNERS, PATIENCE, Subscriber
from service.ports.event_sender import Answer, EventSender, Letter, SecretKeys
from service.ports.stores import UnitOfWork
from service.usecases.events.see_subscriber import note_change
from service.usecases.telling.notify import notify, notify_role
from service.wire.events import CloudEvent

AT_A_TIME = 50
HOLD = timedelta(seconds=60)
"""A courier that says nothing for so long is dead; a delivery takes a quarter of it at most."""
WINDOW = 2_000
"""Events on their way to one subscriber: others stay where they are until it takes some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """What events are delivered with."""

    name: str
    """One at a time brings events to a subscriber; two of one name would not notice each other."""
    open_work: Callable[[], AbstractContextManager[UnitOfWork]]
    sender: EventSender
    key_of: SecretKeys
    source: str
    """Who tells, as a URI: unique among all who tell the same receiver."""
    draw: Callable[[str], float]
    """A number in [0, 1) for a name."""
    now: Callable[[], datetime]


def deliver_events(subscriber_id: str, *, courier: Courier) -> int:
    """Try what is due for a subscriber; give how many events arrived.

    1. Hold the subscriber, so that no second courier overtakes this one.
    2. Put new events on their way, and take what is due: of each case the oldest alone.
    3. Send one after the other, and note each answer before the next.
    """
    arrived = 0
    with courier.open_work() as uow:
        subscriber, due = _taken(subscriber_id, courier=courier, uow=uow)
    for delivery in due:
        if subscriber is None:
            break
        answer = courier.sender.send(
            _letter(delivery.event, subscriber, courier=courier), now=courier.now()
        )
        with courier.open_work() as uow:
            subscriber = _noted(delivery, answer, subscriber.id, courier=courier, uow=uow)
        arrived += answer.is_taken
    return arrived


def cloud_event(event: Event, *, source: str) -> CloudEvent:
    """Put an event into its envelope."""
    return CloudEvent(
        id=event.id,
        source=source,
        type=event.type,
        subject=event.subject,
        time=event.at,
        sequence=f"{event.sequence:0{SEQUENCE_DIGITS}d}",
        data=json.loads(event.body),
    )


def letter_of(
    envelope: CloudEvent, subscriber: Subscriber, *, key_of: SecretKeys, now: datetime
) -> Letter:
    """Give what is sent of an event: the same bytes at every try, signed with every good secret."""
    return Letter(
        id=envelope.id,
        url=subscriber.url,
        body=envelope.model_dump_json().encode(),
        keys=tuple(key_of(one.id) for one in subscriber.secrets_at(now)),
    )


def owner_of(subscriber: Subscriber, *, uow: UnitOfWork) -> Account | None:
    """Give the person in whose name events are sent, as long as they may have them."""
    owner = uow.accounts.by_person(subscriber.owner_id)
    if owner is None or not owner.is_active or not owner.roles.intersection(OWNERS):
        return None
    return owner


def _taken(
    subscriber_id: str, *, courier: Courier, uow: UnitOfWork
) -> tuple[Subscriber | None, list[Delivery]]:
    now = courier.now()
    if not uow.subscribers.hold(subscriber_id, courier=courier.name, now=now, until=now + HOLD):
        return None, []
    subscriber = uow.subscribers.get(subscriber_id)
    if subscriber is None or not subscriber.is_active:
        return None, []
    owner = owner_of(subscriber, uow=uow)
    if owner is None:
        _give_up(subscriber, "whoever made it may not have events any more", uow=uow, now=now)
        return None, []
    position = uow.event_deliveries.spread(subscriber, wall=owner.wall, now=now, window=WINDOW)
    if position != subscriber.position:
        subscriber = replace(subscriber, position=position)
        uow.subscribers.save(subscriber)
    return subscriber, _within(owner, subscriber, uow=uow, now=now)


def _within(
    owner: Account, subscriber: Subscriber, *, uow: UnitOfWork, now: datetime
) -> list[Delivery]:
    """What is due and still on the owner's side of the wall; the rest is taken off the way."""
    seen = []
    for one in uow.event_deliveries.due(subscriber.id, now=now, limit=AT_A_TIME):
        event = one.event
        if owner.wall.admits(client_id=event.client_id, business_unit=event.business_unit):
            seen.append(one)
        else:
            uow.event_deliveries.arrived(subscriber.id, event.index)
    return seen


def _letter(event: Event, subscriber: Subscriber, *, courier: Courier) -> Letter:
    envelope = cloud_event(event, source=courier.source)
    return letter_of(envelope, subscriber, key_of=courier.key_of, now=courier.now())


def _noted(
    delivery: Delivery, answer: Answer, subscriber_id: str, *, courier: Courier, uow: UnitOfWork
) -> Subscriber | None:
    """Write down how a try went; None where no other may follow now."""
    now, index = courier.now(), delivery.event.index
    subscriber = uow.subscribers.get(subscriber_id)
    if subscriber is None:
        return None
    # 1. It arrived: the next event of its case may go.
    if answer.is_taken:
        uow.event_deliveries.arrived(subscriber_id, index)
        subscriber = subscriber.succeeded(now=now)
    # 2. The receiver wants nothing more, or was tried for three days.
    elif answer.is_gone or (due_at := _due(delivery, answer, courier=courier)) is None:
        why = "it answered 410, Gone" if answer.is_gone else f"three days long: {answer.why}"
        if subscriber.is_active:
            _give_up(subscriber, why, uow=uow, now=now)
        return None
    # 3. It is tried again; its case waits for it.
    else:
        uow.event_deliveries.put_off(
            subscriber_id, index, attempts=delivery.attempts + 1, due_at=due_at
        )
        subscriber = subscriber.failed(answer.why, now=now, retry_after=answer.retry_after)
    uow.subscribers.save(subscriber)
    is_held = uow.subscribers.hold(subscriber_id, courier=courier.name, now=now, until=now + HOLD)
    asked_to_wait = not answer.is_taken and answer.retry_after is not None
    is_over = not subscriber.is_active or subscriber.failures >= PATIENCE or asked_to_wait
    return subscriber if is_held and not is_over else None


def _due(delivery: Delivery, answer: Answer, *, courier: Courier) -> datetime | None:
    attempts = delivery.attempts + 1
    return next_try(
        attempts,
        now=courier.now(),
        draw=courier.draw(f"event {delivery.event.id} {attempts}"),
        retry_after=answer.retry_after,
    )


def _give_up(subscriber: Subscriber, why: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Send nothing more until somebody says so, and tell whoever keeps it."""
    uow.subscribers.save(subscriber.disabled(why))
    note_change("disabled", subscriber, actor=WORKER, uow=uow, now=now, why=why)
    text = f"The subscriber {subscriber.id} gets no events any more: {why}."
    kind = NotificationKind.SUBSCRIBER_STOPPED
    if owner_of(subscriber, uow=uow) is not None:
        notify(subscriber.owner_id, kind=kind, text=text, uow=uow, now=now)
        return
    for role in OWNERS:
        notify_role(role, kind=kind, text=text, uow=uow, now=now)
