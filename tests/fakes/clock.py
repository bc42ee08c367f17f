"""Time that stands still until a test moves it, and ids that count."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta

MONDAY_MORNING = datetime(2026, 3, 9, 9, tzinfo=UTC)


class SettableClock:
    """A Clock; `forward` moves it."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def forward(self, **by: float) -> datetime:
        """Move on, for example `forward(minutes=5)`."""
        self._now += timedelta(**by)
        return self._now


class RunningClock(SettableClock):
    """A clock that starts where it is told to, and runs."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        super().__init__(start)
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._begun)


class CountingIds:
    """Ids that sort by the order in which they were made; safe to share between threads."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}-{next(self._numbers):06d}"
