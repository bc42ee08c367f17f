"""What is kept of events and of their subscribers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import ItemKind
from service.domain.event import Delivery, Event
from service.domain.subscriber import Subscriber
from service.domain.wall import Wall


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One entry of the audit trail in its place."""

    index: int
    leaf_hash: bytes
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingAbout:
    """The posting an entry tells of."""

    id: str
    ledger: str
    total_minor: int
    currency: str
    document_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an entry is about: the case, or the item that never had one."""

    subject: str
    case_id: str | None
    item_id: str
    item_kind: ItemKind
    contract_id: str
    client_id: str
    business_unit: str | None
    amount_minor: int
    currency: str
    is_practice: bool
    """A case that measures people and bills nothing: nobody outside is told of it."""
    posting: PostingAbout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What has not reached a subscriber."""

    waiting: int
    oldest_at: datetime | None


class EventStore(Protocol):
    """Events, made out of the audit trail in its order."""

    def unread(self, *, limit: int) -> Sequence[TrailEntry]:
        """Give the next entries of the trail that no event was made of yet, in order."""
        ...

    def has_unread(self) -> bool:
        """Say whether the trail goes on after what was read."""
        ...

    def read_to(self) -> int:
        """Give the index before which every entry was read."""
        ...

    def set_read_to(self, index: int) -> None:
        """Note how far the trail was read."""
        ...

    def about_case(self, case_id: str) -> About | None:
        """Give what a case is about."""
        ...

    def about_posting(self, posting_id: str) -> About | None:
        """Give what a posting is about."""
        ...

    def about_item(self, item_id: str) -> About | None:
        """Give what an item is about, by its newest case if it had any."""
        ...

    def last_sequence(self, subject: str) -> int:
        """Give the number of the newest event of a subject; 0 before the first."""
        ...

    def add(self, events: Sequence[Event]) -> None:
        """Store new events."""
        ...

    def first_since(self, at: datetime) -> int | None:
        """Give the index of the first event since a moment."""
        ...


class SubscriberStore(Protocol):
    """Subscribers."""

    def add(self, one: Subscriber) -> None:
        """Store a new subscriber."""
        ...

    def get(self, subscriber_id: str) -> Subscriber | None:
        """Give a subscriber."""
        ...

    def all(self) -> list[Subscriber]:
        """Give every subscriber, oldest first."""
        ...

    def save(self, one: Subscriber) -> None:
        """Write a changed subscriber; its secrets too."""
        ...

    def hold(self, subscriber_id: str, *, courier: str, now: datetime, until: datetime) -> bool:
        """Let one courier alone send to a subscriber until a moment; say whether it may."""
        ...


class EventDeliveryStore(Protocol):
    """What is on its way to each subscriber."""

    def ready_ids(self, *, now: datetime) -> list[str]:
        """Give those that something may be sent to now."""
        ...

    def spread(self, one: Subscriber, *, wall: Wall, now: datetime, window: int) -> int:
        """Put events from its position on on their way; give the position after them.

        At most `window` wait at a time.
        """
        ...

    def due(self, subscriber_id: str, *, now: datetime, limit: int) -> list[Delivery]:
        """Give what is to be tried now: of each subject the oldest alone, in order."""
        ...

    def arrived(self, subscriber_id: str, event_index: int) -> None:
        """Take a delivery off the way."""
        ...

    def put_off(
        self, subscriber_id: str, event_index: int, *, attempts: int, due_at: datetime
    ) -> None:
        """Note a failed try, and when the next is due."""
        ...

    def try_anew(self, subscriber_id: str, *, now: datetime) -> None:
        """Forget how often what waits was tried: all of it is due now."""
        ...

    def backlog(self, one: Subscriber, *, wall: Wall) -> Backlog:
        """Give what has not reached a subscriber."""
        ...
