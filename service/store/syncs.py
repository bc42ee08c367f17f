"""SQL of syncs."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from data.schemas.vocabulary import SyncOutcome
from service.domain.sync import Sync, SyncRun
from service.store.sync_tables import sync, sync_run

RUNS_KEPT = 100
"""Of each source: a day's worth at a quarter of an hour."""


class SqlSyncStore:
    """Sources that are read, and the syncs that read them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, source: str) -> Sync | None:
        """Give how a source fares; None for one that nobody ever read."""
        row = self._connection.execute(select(sync).where(sync.c.source == source)).one_or_none()
        return None if row is None else _sync_of(row)

    def all(self) -> list[Sync]:
        """Give every source that was ever read, by name."""
        return [_sync_of(row) for row in self._connection.execute(select(sync).order_by("source"))]

    def save(self, one: Sync) -> None:
        """Write how a source fares, in the place of what was known before."""
        values = _row_of(one)
        is_name = sync.c.source == one.source
        changed = self._connection.execute(update(sync).where(is_name).values(**values))
        if not changed.rowcount:
            self._connection.execute(insert(sync).values(**values))

    def add_run(self, run: SyncRun) -> None:
        """Keep a sync that has ended; of each source the newest are kept."""
        self._connection.execute(
            insert(sync_run).values(
                source=run.source,
                began_at=run.began_at,
                ended_at=run.ended_at,
                outcome=run.outcome.value,
                counts=json.dumps(dict(run.counts)),
                told=run.told,
                remedy=run.remedy,
            )
        )
        kept = self.runs(run.source, limit=RUNS_KEPT)
        if len(kept) == RUNS_KEPT:
            self._connection.execute(
                delete(sync_run).where(
                    sync_run.c.source == run.source, sync_run.c.began_at < kept[-1].began_at
                )
            )

    def runs(self, source: str, *, limit: int) -> list[SyncRun]:
        """Give the newest syncs of a source, newest first."""
        query = (
            select(sync_run)
            .where(sync_run.c.source == source)
            .order_by(sync_run.c.began_at.desc())
            .limit(limit)
        )
        return [_run_of(row) for row in self._connection.execute(query)]


def _sync_of(row: Row[Any]) -> Sync:
    return Sync(
        source=row.source,
        began_at=row.began_at,
        ended_at=row.ended_at,
        outcome=None if row.outcome is None else SyncOutcome(row.outcome),
        counts=json.loads(row.counts),
        told=row.told,
        remedy=row.remedy,
        done_at=row.done_at,
        failures=row.failures,
        failing_since=row.failing_since,
        told_at=row.told_at,
        owner_id=row.owner_id,
        next_due_at=row.next_due_at,
    )


def _row_of(one: Sync) -> dict[str, object]:
    return {
        "source": one.source,
        "began_at": one.began_at,
        "ended_at": one.ended_at,
        "outcome": None if one.outcome is None else one.outcome.value,
        "counts": json.dumps(dict(one.counts)),
        "told": one.told,
        "remedy": one.remedy,
        "done_at": one.done_at,
        "failures": one.failures,
        "failing_since": one.failing_since,
        "told_at": one.told_at,
        "owner_id": one.owner_id,
        "next_due_at": one.next_due_at,
    }


def _run_of(row: Row[Any]) -> SyncRun:
    return SyncRun(
        source=row.source,
        began_at=row.began_at,
        ended_at=row.ended_at,
        outcome=SyncOutcome(row.outcome),
        counts=json.loads(row.counts),
        told=row.told,
        remedy=row.remedy,
    )
