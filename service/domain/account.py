"""People who log in, their sessions, and the lock after repeated failures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import Role, Scope
from service.domain.wall import OPEN_WALL, Wall

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
    email: str = ""
    is_active: bool = True
    must_change_password: bool = False
    is_trainee: bool = False
    wall: Wall = OPEN_WALL
    preferences: str = "{}"
    """What the person chose for their own screens, as JSON; nothing of it is a right."""
    absent_from: datetime | None = None
    absent_until: datetime | None = None
    deputy_id: str | None = None
    external_id: str | None = None
    """Issuer and subject of a company's own log-in."""

    def is_locked(self, *, now: datetime) -> bool:
        """Say whether log-in is closed for now."""
        return self.locked_until is not None and self.locked_until > now

    def is_absent(self, *, now: datetime) -> bool:
        """Say whether the person is away now."""
        return (
            self.absent_from is not None
            and self.absent_until is not None
            and self.absent_from <= now < self.absent_until
        )

    def failed(self, *, now: datetime) -> Account:
        """Count a wrong password; every fifth locks for five minutes."""
        count = self.failed_count + 1
        locked = now + LOCK if count % FREE_ATTEMPTS == 0 else self.locked_until
        return replace(self, failed_count=count, locked_until=locked)

    def succeeded(self) -> Account:
        """Forget earlier failures."""
        return replace(self, failed_count=0, locked_until=None)

    def with_own_password(self, password_hash: str) -> Account:
        """Take a password the person chose themselves."""
        return replace(self.succeeded(), password_hash=password_hash, must_change_password=False)

    def with_one_time_password(self, password_hash: str) -> Account:
        """Take a password that somebody else knows: it opens the way to an own one, no more."""
        return replace(self.succeeded(), password_hash=password_hash, must_change_password=True)

    def rights(self) -> dict[str, object]:
        """Give what the person may do, for the audit trail; names and addresses stay outside."""
        return {
            "roles": sorted(self.roles),
            "is_active": self.is_active,
            "is_trainee": self.is_trainee,
            "wall": self.wall.facts(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person's presence; the token itself is known to the browser only."""

    token_sha256: str
    person_id: str
    opened_at: datetime
    last_seen_at: datetime
    is_revoked: bool = False
    device: str = ""
    """The browser it was opened in, as it named itself."""
    authenticated_at: datetime | None = None
    """When the person last proved who they are."""
    identity_sha256: str | None = None
    """Hash of the company's token that opened it; each opens one session only."""

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
    wall: Wall = OPEN_WALL
    created_at: datetime | None = None

    def rights(self) -> dict[str, object]:
        """Give what the key may do, for the audit trail."""
        return {
            "scopes": sorted(self.scopes),
            "is_revoked": self.is_revoked,
            "wall": self.wall.facts(),
        }
