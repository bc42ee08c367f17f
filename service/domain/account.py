"""People who log in, their sessions, and the lock after repeated failures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import Role, Scope

FREE_ATTEMPTS = 5
LOCK = timedelta(minutes=5)
IDLE_LIFE = timedelta(minutes=30)
"""A session ends after this long without a call."""
ABSOLUTE_LIFE = timedelta(hours=10)
"""A session ends after a working day, whatever happens in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's log-in."""

    person_id: str
    login: str
    name: str
    password_hash: str
    roles: frozenset[Role]
    failed_count: int = 0
    locked_until: datetime | None = None

    def is_locked(self, *, now: datetime) -> bool:
        """Say whether log-in is closed for now."""
        return self.locked_until is not None and self.locked_until > now

    def failed(self, *, now: datetime) -> Account:
        """Count a wrong password; every fifth locks for five minutes."""
        count = self.failed_count + 1
        locked = now + LOCK if count % FREE_ATTEMPTS == 0 else self.locked_until
        return replace(self, failed_count=count, locked_until=locked)

    def succeeded(self) -> Account:
        """Forget earlier failures."""
        return replace(self, failed_count=0, locked_until=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person's presence; the token itself is known to the browser only."""

    token_sha256: str
    person_id: str
    opened_at: datetime
    last_seen_at: datetime
    is_revoked: bool = False

    @property
    def expires_at(self) -> datetime:
        """When the session ends by itself."""
        return min(self.last_seen_at + IDLE_LIFE, self.opened_at + ABSOLUTE_LIFE)

    def is_live(self, *, now: datetime) -> bool:
        """Say whether the session still counts."""
        return not self.is_revoked and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A workflow's credential; only the hash of the key is stored."""

    id: str
    name: str
    key_sha256: str
    scopes: frozenset[Scope]
    is_revoked: bool = False
