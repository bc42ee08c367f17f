"""A subscriber: an address that is told of events, and everything that keeps it in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import Role, SubscriberStatus

OWNERS = (Role.INTEGRATION_OWNER, Role.ADMIN)
"""Roles that make and keep subscribers."""
OVERLAP = timedelta(days=1)
"""How long a secret that was replaced still signs beside the new one."""
PATIENCE = 3
"""Failures in a row before a subscriber is left alone for a while, whatever else waits for it."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberSecret:
    """One secret of a subscriber, by name: what it is comes out of the installation's own key."""

    id: str
    made_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Where events go, of which types, in whose name, and how that fares."""

    id: str
    url: str
    types: frozenset[str]
    """Which events; an empty set stands for all there are and will be."""
    owner_id: str
    """Who made it: it is told what this person may see, and nothing else."""
    made_at: datetime
    secrets: tuple[SubscriberSecret, ...]
    """Newest first."""
    status: SubscriberStatus = SubscriberStatus.ACTIVE
    why: str = ""
    """Why it is disabled, or why the last try failed."""
    position: int = 0
    """Events of the trail before this index are on their way or arrived."""
    failures: int = 0
    """In a row."""
    paused_until: datetime | None = None
    delivered_at: datetime | None = None
    """When an event arrived last."""

    @property
    def is_active(self) -> bool:
        """Say whether events are sent."""
        return self.status is SubscriberStatus.ACTIVE

    def secrets_at(self, now: datetime) -> tuple[SubscriberSecret, ...]:
        """Give the secrets that sign now, the newest first."""
        return tuple(one for one in self.secrets if one.ends_at is None or now < one.ends_at)

    def rotated(self, secret_id: str, *, now: datetime) -> Subscriber:
        """Take a new secret; those before it sign for a day longer, or as long as they had."""
        last = now + OVERLAP
        older = tuple(
            replace(one, ends_at=min(one.ends_at or last, last)) for one in self.secrets_at(now)
        )
        return replace(self, secrets=(SubscriberSecret(id=secret_id, made_at=now), *older))

    def disabled(self, why: str) -> Subscriber:
        """Send nothing more; what waits stays."""
        return replace(self, status=SubscriberStatus.DISABLED, why=why[:LONGEST_WHY])

    def enabled(self) -> Subscriber:
        """Go on where it stopped."""
        return replace(self, status=SubscriberStatus.ACTIVE, why="", failures=0, paused_until=None)

    def succeeded(self, *, now: datetime) -> Subscriber:
        """Note that an event arrived."""
        why = "" if self.is_active else self.why
        return replace(self, why=why, failures=0, paused_until=None, delivered_at=now)

    def failed(self, why: str, *, now: datetime, retry_after: timedelta | None) -> Subscriber:
        """Note a failure; after several in a row, or when asked to wait, pause."""
        failures = self.failures + 1
        pause = retry_after or timedelta(0)
        if failures >= PATIENCE:
            doubled = FIRST_PAUSE * 2 ** min(failures - PATIENCE, 10)
            pause = max(pause, min(doubled, LONGEST_PAUSE))
        why = why[:LONGEST_WHY] if self.is_active else self.why
        return replace(self, why=why, failures=failures, paused_until=now + pause)
