"""Time that stands still until a test moves it, and ids that count."""

from __future__ import annotations

import itertools
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


class CountingIds:
    """Ids that sort by the order in which they were made; safe to share between threads."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}-{next(self._numbers):06d}"
