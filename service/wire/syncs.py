"""Shapes of syncs: how each source that work is read from fares."""

from __future__ import annotations

from datetime import datetime

from data.schemas.values import Record
from data.schemas.vocabulary import SyncOutcome, SyncState


class SyncView(Record):
    """How one source fares."""

    source: str
    state: SyncState
    is_scheduled: bool
    """Whether a worker reads it: by the calendar, or when somebody asks."""
    every_seconds: int | None
    """How often it is read by itself."""
    began_at: datetime | None
    ended_at: datetime | None
    outcome: SyncOutcome | None
    """How the last sync that ended came out."""
    counts: dict[str, int]
    done_at: datetime | None
    """When it was read well last; what is younger there may be missing here."""
    told: str
    """Why it fails; empty while it works."""
    remedy: str
    failures: int
    """Failures in a row."""
    failing_since: datetime | None
    owner_id: str
    owner_name: str
    next_due_at: datetime | None
    """When it is read next by itself; None where it is not, or at once."""


class SyncsView(Record):
    """Every source that is read, by name."""

    syncs: tuple[SyncView, ...]
    at: datetime


class SyncRunView(Record):
    """One sync that has ended."""

    began_at: datetime
    ended_at: datetime
    outcome: SyncOutcome
    counts: dict[str, int]
    told: str
    remedy: str


class SyncDetail(Record):
    """One source with its last syncs, newest first."""

    sync: SyncView
    runs: tuple[SyncRunView, ...]
