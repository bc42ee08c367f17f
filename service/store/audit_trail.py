"""SQL of the audit trail: writers only insert; one sequencer gives entries their place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select

from data.schemas.vocabulary import AuditEvent
from service.domain.audit_entry import AuditEntry
from service.store.chunks import chunks
from service.store.tables import audit, audit_leaf, audit_pending

Canonical = Callable[[Mapping[str, object]], bytes]
ROWS_PER_READ = 10_000
FIRST_PENDING = select(audit_pending.c.id).limit(1)
"""Asked ten times a second, so it is built once."""
STORED = (
    select(audit_leaf.c.idx, audit.c.body, audit_leaf.c.leaf_hash)
    .outerjoin(audit, audit.c.id == audit_leaf.c.id)
    .order_by(audit_leaf.c.idx)
)
"""Every sequenced entry with its hash, as it is kept."""


class SqlAuditTrail:
    """Where facts are written down; a trigger marks each as pending for the sequencer."""

    def __init__(self, connection: Connection, *, canonical: Canonical) -> None:
        self._connection = connection
        self._canonical = canonical

    def record(self, *entries: AuditEntry) -> None:
        """Append facts; they commit together with what they tell of."""
        if not entries:
            return
        self._connection.execute(
            insert(audit),
            [
                {
                    "body": self._canonical(entry.body()).decode(),
                    "subject": entry.subject,
                    "event": entry.event.value,
                }
                for entry in entries
            ],
        )

    def entries(self, *events: AuditEvent) -> Iterator[Mapping[str, Any]]:
        """Give the bodies of all entries of these events, oldest first."""
        query = (
            select(audit.c.body)
            .where(audit.c.event.in_([event.value for event in events]))
            .order_by(audit.c.id)
        )
        for body in self._connection.execute(query).scalars():
            yield json.loads(body)


class SqlPendingStore:
    """What the sequencer needs of the database, inside an open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take_pending(self, limit: int, /) -> Sequence[tuple[int, bytes]]:
        """Remove and give at most `limit` pending entries, in insertion order."""
        query = (
            select(audit.c.id, audit.c.body)
            .join(audit_pending, audit_pending.c.id == audit.c.id)
            .order_by(audit.c.id)
            .limit(limit)
        )
        rows = [(row.id, row.body.encode()) for row in self._connection.execute(query)]
        for part in chunks([row[0] for row in rows]):
            self._connection.execute(delete(audit_pending).where(audit_pending.c.id.in_(part)))
        return rows

    def append_leaves(self, leaves: list[tuple[int, int, bytes]], /) -> None:
        """Store leaves; the keys refuse an index or an entry that is already there."""
        self._connection.execute(
            insert(audit_leaf),
            [{"idx": index, "id": entry, "leaf_hash": leaf} for index, entry, leaf in leaves],
        )

    def tree_size(self) -> int:
        """Count the stored leaves by the highest index, which is gapless."""
        highest = self._connection.execute(select(func.max(audit_leaf.c.idx))).scalar()
        return 0 if highest is None else int(highest) + 1

    def leaf_hashes(self, *, start: int, stop: int) -> Sequence[bytes]:
        """Give the stored leaf hashes of an index range."""
        query = (
            select(audit_leaf.c.leaf_hash)
            .where(audit_leaf.c.idx >= start, audit_leaf.c.idx < stop)
            .order_by(audit_leaf.c.idx)
        )
        return list(self._connection.execute(query).scalars())


def stored_rows(connection: Connection) -> Iterator[tuple[object, object, object]]:
    """Give index, body and leaf hash of every sequenced entry, as the storage holds them."""
    yield from _streamed(STORED, connection)


def _streamed(
    query: Select[Any], connection: Connection
) -> Iterator[tuple[object, object, object]]:
    for row in connection.execution_options(yield_per=ROWS_PER_READ).execute(query):
        yield row[0], row[1], row[2]


class SqlLogRows:
    """The log as the storage holds it, read in parts beside whoever writes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, *, start: int, stop: int) -> Iterator[tuple[object, object, object]]:
        """Give the stored rows of an index range, by index."""
        query = STORED.where(audit_leaf.c.idx >= start, audit_leaf.c.idx < stop)
        with self._engine.connect() as connection:
            yield from _streamed(query, connection)

    def leaf_hashes(self, *, stop: int) -> Sequence[bytes]:
        """Give the stored leaf hashes below an index, by index."""
        with self._engine.connect() as connection:
            return SqlPendingStore(connection).leaf_hashes(start=0, stop=stop)

    def waiting(self, *, signed: int) -> int:
        """Count the entries that no head of this size covers."""
        with self._engine.connect() as connection:
            sequenced = SqlPendingStore(connection).tree_size()
            return pending_count(connection) + max(0, sequenced - signed)


def has_pending(connection: Connection) -> bool:
    """Say whether any entry waits for its place."""
    return connection.execute(FIRST_PENDING).first() is not None


def pending_count(connection: Connection) -> int:
    """Count the entries that wait for their place."""
    return int(connection.execute(select(func.count()).select_from(audit_pending)).scalar_one())
