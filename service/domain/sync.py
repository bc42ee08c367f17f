"""A source that is read again and again: how that went last, how long it fails, when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from data.schemas.vocabulary import FailureKind, SyncOutcome

FAILURES_BEFORE_TOLD = 3
"""What may mend itself is told once it failed so often in a row; what cannot, at once."""
FOR_GOOD = frozenset({FailureKind.PERMANENT, FailureKind.CONFLICT})
"""Failures that a repeat alone does not mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncTrouble:
    """Why a sync did not end well, and what to do about it."""

    kind: FailureKind
    told: str
    remedy: str
    outcome: SyncOutcome = SyncOutcome.FAILED
    retry_after_seconds: float | None = None
    """How long its system asked to be left alone."""

    @property
    def is_for_good(self) -> bool:
        """Say whether a person must mend the cause."""
        return self.kind in FOR_GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """How one source fares. While a sync runs, what stands here of outcome is the one before."""

    source: str
    began_at: datetime | None = None
    """When the newest sync began."""
    ended_at: datetime | None = None
    """When the newest sync ended; None while it runs."""
    outcome: SyncOutcome | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """What the last sync that ended counted; empty where it failed."""
    told: str = ""
    remedy: str = ""
    done_at: datetime | None = None
    """When a sync ended well last."""
    failures: int = 0
    """Failures in a row."""
    failing_since: datetime | None = None
    told_at: datetime | None = None
    """When somebody was told that it fails; None where nobody was, or it works again."""
    owner_id: str | None = None
    """Whom it was given to; None for whoever owns failures here."""
    next_due_at: datetime | None = None
    """Before when it is not read again by itself."""

    @property
    def is_running(self) -> bool:
        """Say whether a sync was begun and has not ended, as far as is known."""
        return self.began_at is not None and self.ended_at is None

    @property
    def is_to_be_told(self) -> bool:
        """Say whether failures are so many that somebody must know, and nobody does."""
        return self.failures >= FAILURES_BEFORE_TOLD and self.told_at is None

    def begun(self, *, now: datetime) -> Sync:
        """Give the source with a sync under way."""
        return replace(self, began_at=now, ended_at=None)

    def done(
        self, counts: Mapping[str, int], *, now: datetime, next_due_at: datetime | None
    ) -> Sync:
        """Give the source after a sync that ended well: nothing is held against it any more."""
        return Sync(
            source=self.source,
            began_at=self._began_at(now),
            ended_at=now,
            outcome=SyncOutcome.DONE,
            counts=counts,
            done_at=now,
            owner_id=self.owner_id,
            next_due_at=next_due_at,
        )

    def failed(self, trouble: SyncTrouble, *, now: datetime, next_due_at: datetime | None) -> Sync:
        """Give the source after a sync that did not end well."""
        return replace(
            self,
            began_at=self._began_at(now),
            ended_at=now,
            outcome=trouble.outcome,
            counts={},
            told=trouble.told,
            remedy=trouble.remedy,
            failures=self.failures + 1,
            failing_since=self.failing_since or now,
            next_due_at=next_due_at,
        )

    def stopped(self, *, now: datetime) -> Sync:
        """Give the source after a sync that we ended ourselves: that speaks against nobody."""
        return replace(self, ended_at=now, outcome=SyncOutcome.BROKEN_OFF, next_due_at=now)

    def _began_at(self, now: datetime) -> datetime:
        """A process may end before it could say that it begins."""
        return self.began_at if self.began_at is not None and self.is_running else now


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRun:
    """One sync that has ended."""

    source: str
    began_at: datetime
    ended_at: datetime
    outcome: SyncOutcome
    counts: Mapping[str, int]
    told: str
    remedy: str


def run_of(sync: Sync) -> SyncRun:
    """Give the newest sync of a source, which has ended."""
    if sync.began_at is None or sync.ended_at is None or sync.outcome is None:
        raise ValueError(f"no sync of {sync.source} has ended")
    is_done = sync.outcome is SyncOutcome.DONE
    return SyncRun(
        source=sync.source,
        began_at=sync.began_at,
        ended_at=sync.ended_at,
        outcome=sync.outcome,
        counts=sync.counts,
        told="" if is_done else sync.told,
        remedy="" if is_done else sync.remedy,
    )
