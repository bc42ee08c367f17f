"""SQL of failures: postings in trouble, and systems that rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from data.schemas.vocabulary import CircuitState, FailureKind, PostingStatus
from service.domain.circuit import Circuit
from service.domain.failure import Failure
from service.domain.wall import Wall
from service.store.failure_tables import circuit, posting_failure
from service.store.tables import item, posting
from service.store.walls import within

REFUSED, PENDING = PostingStatus.REFUSED.value, PostingStatus.PENDING.value


class SqlFailureStore:
    """The last failure of each posting that had one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, posting_id: str) -> Failure | None:
        """Give the failure of a posting."""
        query = select(posting_failure).where(posting_failure.c.posting_id == posting_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _failure_of(row)

    def save(self, failure: Failure) -> None:
        """Write a failure, in the place of the one before."""
        values = _row_of(failure)
        is_name = posting_failure.c.posting_id == failure.posting_id
        changed = self._connection.execute(update(posting_failure).where(is_name).values(**values))
        if not changed.rowcount:
            self._connection.execute(insert(posting_failure).values(**values))

    def count_in_queue(self, reason: str) -> int:
        """Count what lies in the exception queue for the same reason."""
        query = (
            select(func.count())
            .select_from(posting_failure.join(posting))
            .where(posting.c.status == REFUSED, posting_failure.c.reason == reason)
        )
        return int(self._connection.execute(query).scalar_one())

    def in_queue(self, reason: str, *, wall: Wall, limit: int) -> list[str]:
        """Give the postings in the exception queue for one reason within a wall, oldest first."""
        query = (
            select(posting.c.id)
            .select_from(posting_failure.join(posting).join(item, item.c.seq == posting.c.item_seq))
            .where(posting.c.status == REFUSED, posting_failure.c.reason == reason)
            .order_by(posting_failure.c.since, posting.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(within(query, item, wall)).scalars())

    def late(self, *, now: datetime, limit: int) -> list[Failure]:
        """Give failures in the exception queue whose time has passed and nobody was told of."""
        query = (
            select(posting_failure)
            .join(posting)
            .where(
                posting.c.status == REFUSED,
                posting_failure.c.due_at < now,
                posting_failure.c.told_late_at.is_(None),
            )
            .order_by(posting_failure.c.due_at, posting.c.id)
            .limit(limit)
        )
        return [_failure_of(row) for row in self._connection.execute(query)]

    def forgotten(self, *, before: datetime, limit: int) -> Sequence[str]:
        """Give pending postings that were due before a moment and wait for nothing."""
        due_at = posting_failure.c.next_try_at
        query = (
            select(posting.c.id)
            .select_from(posting.outerjoin(posting_failure))
            .where(
                posting.c.status == PENDING,
                posting.c.not_before < before,
                or_(due_at.is_(None), due_at < before),
            )
            .order_by(posting.c.not_before, posting.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())


class SqlCircuitStore:
    """How each business system fares."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, system: str) -> Circuit:
        """Give the circuit of a system; one that never failed is closed."""
        row = self._connection.execute(_named(system)).one_or_none()
        return Circuit(system=system) if row is None else circuit_of(row)

    def held(self, system: str) -> Circuit:
        """Give the same, and keep others from changing it until the transaction ends."""
        # SQLite has one writer at a time and knows no FOR UPDATE; it is left out there.
        row = self._connection.execute(_named(system).with_for_update()).one_or_none()
        return Circuit(system=system) if row is None else circuit_of(row)

    def save(self, circuit_now: Circuit) -> None:
        """Write a changed circuit."""
        values = _circuit_row_of(circuit_now)
        is_name = circuit.c.system == circuit_now.system
        changed = self._connection.execute(update(circuit).where(is_name).values(**values))
        if not changed.rowcount:
            self._connection.execute(insert(circuit).values(**values))


def _named(system: str) -> Any:  # noqa: ANN401 - a select of the table's columns
    return select(circuit).where(circuit.c.system == system)


def circuit_of(row: Row[Any]) -> Circuit:
    """Read a row of the circuit table."""
    return Circuit(
        system=row.system,
        state=CircuitState(row.state),
        failures=row.failures,
        last_posting_id=row.last_posting_id,
        rests=row.rests,
        until=row.until,
        since=row.since,
        why=row.why,
    )


def _circuit_row_of(one: Circuit) -> dict[str, object]:
    return {
        "system": one.system,
        "state": one.state.value,
        "failures": one.failures,
        "last_posting_id": one.last_posting_id,
        "rests": one.rests,
        "until": one.until,
        "since": one.since,
        "why": one.why,
    }


def _failure_of(row: Row[Any]) -> Failure:
    return Failure(
        posting_id=row.posting_id,
        kind=FailureKind(row.kind),
        reason=row.reason,
        remedy=row.remedy,
        tries=row.tries,
        attempt=row.attempt,
        is_surely_unwritten=bool(row.is_surely_unwritten),
        since=row.since,
        next_try_at=row.next_try_at,
        due_at=row.due_at,
        told_late_at=row.told_late_at,
    )


def _row_of(one: Failure) -> dict[str, object]:
    return {
        "posting_id": one.posting_id,
        "kind": one.kind.value,
        "reason": one.reason,
        "remedy": one.remedy,
        "tries": one.tries,
        "attempt": one.attempt,
        "is_surely_unwritten": int(one.is_surely_unwritten),
        "since": one.since,
        "next_try_at": one.next_try_at,
        "due_at": one.due_at,
        "told_late_at": one.told_late_at,
    }
