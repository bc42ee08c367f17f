"""What is kept of talk about cases: comments, files, saved views, and what people were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import DeliveryStatus
from service.domain.notification import Delivery, Notification
from service.domain.talk import Attachment, Comment, SavedView
from service.domain.wall import Wall


class TalkStore(Protocol):
    """Comments and attachments: appended, never changed."""

    def add_comment(self, comment: Comment) -> None:
        """Append a comment."""
        ...

    def comments(self, case_id: str, *, after: str, limit: int) -> list[Comment]:
        """Give comments on a case after an id, oldest first."""
        ...

    def add_attachment(self, attachment: Attachment) -> None:
        """Append an attachment."""
        ...

    def attachments(self, case_id: str) -> list[Attachment]:
        """Give the attachments of a case, oldest first."""
        ...

    def attachment(self, attachment_id: str) -> Attachment | None:
        """Give an attachment."""
        ...


class ViewStore(Protocol):
    """Saved views."""

    def save(self, view: SavedView) -> None:
        """Store a view."""
        ...

    def get(self, view_id: str) -> SavedView | None:
        """Give a view."""
        ...

    def delete(self, view_id: str) -> None:
        """Remove a view."""
        ...

    def of(self, owner_id: str) -> list[SavedView]:
        """Give the views of one person, by name."""
        ...

    def shared(self) -> list[SavedView]:
        """Give the views that people share, by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notification as its person sees it: with the case's title and what failed outside."""

    notification: Notification
    case_title: str | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery with what it brings, and to which address."""

    delivery: Delivery
    notification: Notification
    email: str


class NotificationStore(Protocol):
    """What people were told, and how it left the house."""

    def add(self, notification: Notification, *, deliveries: Sequence[Delivery]) -> None:
        """Store a notification and its ways out; one that stands already is left as it is."""
        ...

    def of(
        self, person_id: str, *, wall: Wall, before: str | None, limit: int, is_unread: bool
    ) -> list[Told]:
        """Give a person's notifications before an id, newest first, or the unread alone.

        What speaks of a case behind the person's wall is left out.
        """
        ...

    def count_unread(self, person_id: str, *, wall: Wall) -> int:
        """Count what the person has not read."""
        ...

    def mark_read(self, person_id: str, *, ids: Sequence[str], at: datetime) -> int:
        """Mark the person's own notifications as read, all of them without ids; count them."""
        ...

    def due(self, *, now: datetime, limit: int) -> list[Outgoing]:
        """Give the deliveries that are to be tried now, oldest first."""
        ...

    def save_delivery(self, delivery: Delivery) -> None:
        """Write how far a delivery came."""
        ...

    def deliveries(
        self, status: DeliveryStatus, *, before: tuple[str, str] | None = None, limit: int
    ) -> list[Outgoing]:
        """Give the newest deliveries of one status, or those before one of them.

        One is named by its notification and its channel.
        """
        ...
