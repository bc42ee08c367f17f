"""A workplace whose events have subscribers, and a receiver that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from data.schemas.vocabulary import Role
from service.audit.log import Sequencer
from service.connectors.subscriber_keys import SubscriberKeys
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.event import Event
from service.domain.subscriber import Subscriber
from service.domain.wall import OPEN_WALL, Wall
from service.ports.event_sender import Answer, Letter
from service.store.audit_trail import SqlPendingStore
from service.store.event_tables import event
from service.store.events import event_of
from service.usecases.events.add_subscriber import add_subscriber
from service.usecases.events.deliver_events import Courier, deliver_events
from service.usecases.events.write_events import write_events
from service.wire.subscribers import SubscribeRequest
from tests.builders.service import Workplace

URL = "https://hooks.example.org/in"
SOURCE = "https://countersign.example.org"
TAKEN = Answer(is_taken=True)
KEYS = SubscriberKeys(b"k" * 32)


class Receiver:
    """Keeps what it took; `answer` says what it answers to an event."""

    def __init__(self) -> None:
        self.tried: list[Letter] = []
        self.answer: Callable[[dict[str, Any]], Answer] = lambda _event: TAKEN
        self.took: list[dict[str, Any]] = []

    def send(self, letter: Letter, *, now) -> Answer:
        del now
        self.tried.append(letter)
        event = json.loads(letter.body)
        answer = self.answer(event)
        if answer.is_taken:
            self.took.append(event)
        return answer


class EventWorld:
    """One installation that tells of what happens in it."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.receiver = Receiver()

    def owner(self, login: str = "ingo", *, wall: Wall = OPEN_WALL, **more: Any) -> Actor:
        """Somebody who keeps subscribers."""
        roles = frozenset(more.pop("roles", {Role.INTEGRATION_OWNER}))
        account = Account(
            person_id=login, login=login, name=login.title(), password_hash="-",
            roles=roles, wall=wall, **more,
        )  # fmt: skip
        self.place.run(lambda uow: uow.accounts.save(account))
        return Actor(id=login, name=login.title(), roles=roles, wall=wall)

    def subscribe(self, actor: Actor | None = None, *types: str, url: str = URL) -> Subscriber:
        """Add a subscriber."""
        actor = actor or self.owner()
        request = SubscribeRequest(url=url, types=types)
        return self.place.run(
            lambda uow: add_subscriber(
                request, actor=actor, check=lambda _url: None, key_of=KEYS, uow=uow,
                now=self.place.clock.now(), ids=self.place.ids,
            )
        )[0]  # fmt: skip

    def courier(self, name: str = "worker-0") -> Courier:
        """What events are delivered with."""
        return Courier(
            name=name, open_work=self.place.open_work, sender=self.receiver, key_of=KEYS,
            source=SOURCE, draw=lambda _name: 0.0, now=self.place.clock.now,
        )  # fmt: skip

    def write(self) -> None:
        """Give every entry of the trail its place, and make events of them."""
        with self.place.open_work.engine.begin() as connection:
            Sequencer(origin="test", newest_kept=None).sequence_once(SqlPendingStore(connection))
        while self.place.run(lambda uow: write_events(uow=uow)):
            pass

    def deliver(self, one: Subscriber, *, courier: str = "worker-0") -> int:
        """Make events, and try once what is due."""
        self.write()
        return deliver_events(one.id, courier=self.courier(courier))

    def events(self) -> list[Event]:
        """Every event there is."""

        with self.place.reader.begin() as connection:
            return [event_of(row) for row in connection.execute(event.select())]

    def of(self, one: Subscriber) -> Subscriber:
        """Give a subscriber as it stands."""
        found = self.place.run(lambda uow: uow.subscribers.get(one.id))
        assert found is not None
        return found
