"""How a notification leaves the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import NotificationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What leaves: no client, no amount, only that something waits and where it is to be read."""

    id: str
    """Stays the same over all tries, so that the other side can tell a repeat."""
    kind: NotificationKind
    text: str
    link: str
    to_email: str
    person_id: str
    at: datetime


class NotDeliveredError(Exception):
    """A try failed; `is_final` says that no later one can succeed."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Messenger(Protocol):
    """One way out."""

    def send(self, message: Message, *, now: datetime) -> None:
        """Hand a message over; returns once the other side took it. Raises NotDeliveredError."""
        ...
