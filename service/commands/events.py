"""Subscribers at the shell, kept by a person who proves who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from service.clock import SystemClock, SystemIds
from service.commands.opened import opened
from service.commands.person_at_shell import person_at_shell
from service.domain.actor import Actor
from service.domain.subscriber import Subscriber
from service.ports.event_sender import Answer
from service.ports.stores import UnitOfWork
from service.settings import Settings
from service.usecases.events.add_subscriber import add_subscriber
from service.usecases.events.list_subscribers import list_subscribers, subscriber_view
from service.usecases.events.replay_events import replay_events
from service.usecases.events.rotate_secret import rotate_secret
from service.usecases.events.see_subscriber import see_subscriber
from service.usecases.events.switch_subscriber import disable_subscriber, enable_subscriber
from service.usecases.events.try_subscriber import try_subscriber
from service.wire.subscribers import SubscribeRequest, SubscriberView
from service.wiring.events import build_events

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """One person's commands; each logs them in and out. Every method raises LogInRefusedError."""

    settings: Settings
    login: str
    password: str

    def subscribe(self, request: SubscribeRequest) -> tuple[Subscriber, str]:
        """Have an address told of events; give the subscriber and its secret."""
        door = build_events(self.settings)
        return self._done(
            lambda actor, uow: add_subscriber(
                request,
                actor=actor,
                check=door.hosts.check,
                key_of=door.key_of,
                uow=uow,
                now=SystemClock().now(),
                ids=SystemIds(),
            )
        )

    def subscribers(self) -> list[SubscriberView]:
        """List who is told of events."""
        return self._done(
            lambda actor, uow: [
                subscriber_view(one, actor=actor, uow=uow)
                for one in list_subscribers(actor=actor, uow=uow)
            ]
        )

    def rotate(self, subscriber_id: str) -> tuple[Subscriber, str]:
        """Make a new secret; give the subscriber and the secret."""
        door = build_events(self.settings)
        return self._done(
            lambda actor, uow: rotate_secret(
                subscriber_id,
                actor=actor,
                key_of=door.key_of,
                uow=uow,
                now=SystemClock().now(),
                ids=SystemIds(),
            )
        )

    def disable(self, subscriber_id: str) -> Subscriber:
        """Send nothing more."""
        return self._done(
            lambda actor, uow: disable_subscriber(
                subscriber_id, actor=actor, uow=uow, now=SystemClock().now()
            )
        )

    def enable(self, subscriber_id: str) -> Subscriber:
        """Go on where it stopped."""
        return self._done(
            lambda actor, uow: enable_subscriber(
                subscriber_id, actor=actor, uow=uow, now=SystemClock().now()
            )
        )

    def replay(self, subscriber_id: str, *, since: datetime) -> Subscriber:
        """Send everything since a moment once more."""
        return self._done(
            lambda actor, uow: replay_events(
                subscriber_id, since=since, actor=actor, uow=uow, now=SystemClock().now()
            )
        )

    def test(self, subscriber_id: str) -> Answer:
        """Send a test event, and say how that went."""
        door = build_events(self.settings)
        subscriber = self._done(
            lambda actor, uow: see_subscriber(subscriber_id, actor=actor, uow=uow)
        )
        return try_subscriber(
            subscriber,
            sender=door.sender,
            key_of=door.key_of,
            source=door.source,
            now=SystemClock().now(),
            ids=SystemIds(),
        )

    def _done(self, work: Callable[[Actor, UnitOfWork], T]) -> T:
        with (
            opened(self.settings) as open_work,
            person_at_shell(self.login, password=self.password, work=open_work) as actor,
            open_work() as uow,
        ):
            return work(actor, uow)
