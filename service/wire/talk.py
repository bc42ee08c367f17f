"""Shapes of talk: comments, files beside a case, saved views and notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from data.schemas.values import Identifier, Name, Record, Text
from data.schemas.vocabulary import Channel, DeliveryStatus, NotificationKind

MOST_FILTERS = 12
MOST_READ = 200
FilterName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


class Colleague(Record):
    """Somebody who can be mentioned by their log-in name."""

    id: str
    login: str
    name: str
    away_until: datetime | None
    """Until when they are away; None while they are there."""


class ColleaguePage(Record):
    """Colleagues by name."""

    colleagues: tuple[Colleague, ...]


class CommentRequest(Record):
    """What to say; `@name` mentions a colleague. Who says it comes from the session."""

    text: Annotated[Text, Field(min_length=1)]


class CommentView(Record):
    """A comment as people read it."""

    id: str
    author_id: str
    author_name: str
    text: str
    mentions: tuple[str, ...]
    """Names of the people it mentions."""
    at: datetime


class CommentResponse(Record):
    """The stored comment, and who of the mentioned is away."""

    comment: CommentView
    away: tuple[Colleague, ...]


class CommentPage(Record):
    """Comments, oldest first."""

    comments: tuple[CommentView, ...]
    next_cursor: str | None


class AttachmentView(Record):
    """A file beside a case."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    by_id: str
    by_name: str
    at: datetime


class AttachmentPage(Record):
    """The files of a case, oldest first."""

    attachments: tuple[AttachmentView, ...]


class ViewRequest(Record):
    """Filters of a page to keep under a name."""

    page: Literal["cases", "queue"] = "cases"
    name: Name
    filters: Annotated[dict[FilterName, Name], Field(max_length=MOST_FILTERS)]
    """As they stand in the query of the page's address."""
    is_shared: bool = False


class SavedViewView(Record):
    """A saved view as a menu shows it."""

    id: str
    page: Literal["cases", "queue"]
    name: str
    filters: dict[str, str]
    is_shared: bool
    is_mine: bool
    owner_name: str


class ViewPage(Record):
    """One's own views, then shared ones."""

    views: tuple[SavedViewView, ...]


class NotificationView(Record):
    """Something a person is told."""

    id: str
    kind: NotificationKind
    text: str
    case_id: str | None
    case_title: str | None
    at: datetime
    is_read: bool
    failure: str | None
    """Why it did not reach the person outside the app, where it should have."""


class NotificationPage(Record):
    """What a person is told, newest first; `unread` counts all of it."""

    notifications: tuple[NotificationView, ...]
    unread: int
    next_cursor: str | None


class ReadRequest(Record):
    """Which notifications were read; none named means all."""

    ids: Annotated[tuple[Identifier, ...], Field(max_length=MOST_READ)] = ()


class ReadResponse(Record):
    """How many were marked, and how many are left."""

    marked: int
    unread: int


class DeliveryView(Record):
    """How a notification fares outside the app; who may look sees no text of it."""

    notification_id: str
    kind: NotificationKind
    person_id: str
    channel: Channel
    status: DeliveryStatus
    attempts: int
    error: str | None
    due_at: datetime


class DeliveryPage(Record):
    """Deliveries of one status, newest first."""

    deliveries: tuple[DeliveryView, ...]
    next_cursor: str | None = None
