"""What the log-in pages ask of whoever knows people and passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from data.schemas.vocabulary import Role
from service.usecases.people.log_in import OwnPasswordNeeded


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person who proved who they are, with the API session that was opened for them."""

    token: str
    person_id: str
    name: str
    roles: frozenset[Role]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInRefused:
    """Name and password do not fit (the form never says which), or the lock is on."""

    reason: Literal["wrong", "locked"]
    retry_after_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRefused:
    """The chosen password will not do, in words for the person."""

    why: str


class Door(Protocol):
    """Opens sessions."""

    def log_in(
        self, login: str, password: str, *, device: str
    ) -> SignedIn | OwnPasswordNeeded | LogInRefused:
        """Check name and password."""
        ...

    def choose_password(
        self, needed: OwnPasswordNeeded, password: str, *, device: str
    ) -> SignedIn | PasswordRefused | LogInRefused:
        """Take the person's own password in the place of the one-time password they showed."""
        ...
