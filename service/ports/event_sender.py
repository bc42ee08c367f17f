"""How an event leaves the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One delivery: the same id and the same bytes at every try."""

    id: str
    url: str
    body: bytes
    keys: tuple[bytes, ...]
    """Every one signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver said, without a word of its own: its text may hold anything."""

    is_taken: bool
    is_gone: bool = False
    """It wants nothing more, ever."""
    retry_after: timedelta | None = None
    why: str = ""


class EventSender(Protocol):
    """Sends letters; never raises for what the other side does."""

    def send(self, letter: Letter, *, now: datetime) -> Answer:
        """Hand a letter over, and say how that went."""
        ...


class SecretKeys(Protocol):
    """Gives the key behind the name of a secret, always the same."""

    def __call__(self, secret_id: str) -> bytes:
        """Give the key."""
        ...
