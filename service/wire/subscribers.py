"""Shapes of subscribers to events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from data.schemas.values import Record, UtcTime
from data.schemas.vocabulary import SubscriberStatus

LONGEST_URL = 2_000


class SubscribeRequest(Record):
    """Have an address told of events; without types of all there are and will be."""

    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
    types: Annotated[tuple[str, ...], Field(max_length=50)] = ()


class ReplayRequest(Record):
    """Send again what was told since a moment."""

    since: UtcTime


class SubscriberView(Record):
    """A subscriber, and how it fares."""

    id: str
    address: str
    """In full for whoever made it; its beginning for others, as the rest may hold a secret."""
    types: tuple[str, ...]
    owner: str
    is_mine: bool
    status: SubscriberStatus
    why: str
    """Why it is disabled, or why the last try failed."""
    made_at: datetime
    delivered_at: datetime | None
    waiting: int
    """Events that have not arrived."""
    oldest_at: datetime | None
    """When the oldest of them happened."""
    paused_until: datetime | None


class SubscriberPage(Record):
    """Every subscriber, oldest first."""

    subscribers: tuple[SubscriberView, ...]
    next_cursor: str | None = None


class SubscriberSecretView(Record):
    """A subscriber with its newest secret, which is shown this once."""

    subscriber: SubscriberView
    secret: str


class TrialView(Record):
    """Whether a test event arrived."""

    is_taken: bool
    why: str


class EventTypeView(Record):
    """One type of event."""

    type: str
    says: str
    data_schema: dict[str, Any]
    """JSON schema of the member `data`."""


class EventTypePage(Record):
    """Every type of event."""

    types: tuple[EventTypeView, ...]
