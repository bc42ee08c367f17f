"""When sources are read by themselves: a period after they were, and sooner after a failure.

After a failure the wait is drawn under a ceiling that grows with each failure in a row, up to the
period. What only a person can mend waits a whole period. What the system asked for is waited in
full, even where that is longer than the period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.schemas.vocabulary import SyncState
from service.domain.retry_plan import LONGEST_TOLD_WAIT_SECONDS, RetryRule
from service.domain.sync import Sync, SyncTrouble

SHORTEST_PERIOD = timedelta(minutes=1)
LEAST_WAIT = timedelta(seconds=30)
"""What is waited after any failure: a system in trouble is not hurried."""
FIRST_CEILING = timedelta(minutes=1)
MOST_GROWTH = 20
"""Failures in a row that let the ceiling grow: a minute doubled so often is a year."""
LATE_AFTER = timedelta(minutes=5)
"""The worker looks every two seconds; what is due for so long is run by nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """Which sources this installation reads by itself, how often, and who owns what fails."""

    sources: tuple[str, ...] = ()
    every: timedelta | None = None
    """None: only when somebody asks for it."""
    owner_id: str = ""
    """Whom failures belong to, where a source was given to nobody."""

    def period_of(self, source: str) -> timedelta | None:
        """Give the period of a source, or None where it is not read by the calendar."""
        return self.every if source in self.sources else None

    def owner_of(self, sync: Sync) -> str:
        """Give who sees to a source."""
        return sync.owner_id or self.owner_id

    def due_after_success(self, source: str, *, now: datetime) -> datetime | None:
        """Give when a source is read again that was read well just now."""
        period = self.period_of(source)
        return None if period is None else now + period

    def due_after_failure(
        self, sync: Sync, trouble: SyncTrouble, *, draw: float, now: datetime
    ) -> datetime | None:
        """Give when a source is tried again that failed just now; `draw` lies between 0 and 1."""
        period = self.period_of(sync.source)
        if period is None:
            return None
        return now + wait_after_failure(
            trouble, failures=sync.failures + 1, period=period, draw=draw
        )

    def is_due(self, sync: Sync | None, source: str, *, now: datetime) -> bool:
        """Say whether a source is to be read now; what was never read is due at once."""
        if sync is None:
            return self.period_of(source) is not None
        if sync.is_running:
            return False
        due_at = self.due_at(sync)
        if due_at is not None:
            return due_at <= now
        return sync.began_at is None and self.period_of(source) is not None

    def due_at(self, sync: Sync) -> datetime | None:
        """Give when a source is due; a period that was made shorter holds at once."""
        period = self.period_of(sync.source)
        if period is None or sync.ended_at is None:
            return sync.next_due_at
        latest = sync.ended_at + period
        if sync.next_due_at is None:
            return latest
        # After a failure its system may have asked for more patience than a period.
        return sync.next_due_at if sync.failures else min(sync.next_due_at, latest)

    def state_of(self, sync: Sync, *, now: datetime) -> SyncState:
        """Tell how a source fares."""
        if sync.is_running:
            return SyncState.RUNNING
        if sync.failures:
            return SyncState.FAILING
        due_at = self.due_at(sync)
        if sync.source in self.sources and due_at is not None and due_at < now - LATE_AFTER:
            return SyncState.OVERDUE
        return SyncState.NEVER_RUN if sync.outcome is None else SyncState.WORKS


def due_sources(plan: SyncPlan, syncs: Mapping[str, Sync], *, now: datetime) -> list[str]:
    """Give the sources of a plan that are to be read now."""
    return [one for one in plan.sources if plan.is_due(syncs.get(one), one, now=now)]


def wait_after_failure(
    trouble: SyncTrouble, *, failures: int, period: timedelta, draw: float
) -> timedelta:
    """Give how long a source is left alone after so many failures in a row."""
    asked = timedelta(seconds=min(trouble.retry_after_seconds or 0.0, LONGEST_TOLD_WAIT_SECONDS))
    if trouble.is_for_good:
        return max(asked, period)
    rule = RetryRule(
        tries=MOST_GROWTH,
        first_seconds=FIRST_CEILING.total_seconds(),
        growth=2.0,
        longest_seconds=period.total_seconds(),
    )
    drawn = timedelta(seconds=draw * rule.ceiling_seconds(min(failures, MOST_GROWTH)))
    return max(asked, min(period, max(asked, LEAST_WAIT) + drawn))
