"""What a person is told without asking, and how it leaves the house: six tries, then seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import Channel, DeliveryStatus, NotificationKind

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)
"""Doubled after every failure: six tries take about half an hour, and outlast a restart."""
LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing a person is told; the text names no client and no amount, so that it may leave."""

    id: str
    person_id: str
    kind: NotificationKind
    text: str
    case_id: str | None
    at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notification on its way out through one channel."""

    notification_id: str
    channel: Channel
    due_at: datetime
    """When it is tried next."""
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    error: str | None = None
    done_at: datetime | None = None

    def begun(self, *, now: datetime) -> Delivery:
        """Count a try before it is made: a crash in between must not try for ever."""
        wait: timedelta = FIRST_WAIT * 2**self.attempts
        return replace(self, attempts=self.attempts + 1, due_at=now + wait)

    def arrived(self, *, now: datetime) -> Delivery:
        """Note that the other side took it."""
        return replace(self, status=DeliveryStatus.DONE, error=None, done_at=now)

    def failed(self, why: str, *, for_good: bool) -> Delivery:
        """Note why a try failed; `for_good` where no later try can help."""
        is_over = for_good or self.attempts >= MOST_ATTEMPTS
        status = DeliveryStatus.FAILED if is_over else DeliveryStatus.WAITING
        return replace(self, status=status, error=why[:LONGEST_ERROR])
