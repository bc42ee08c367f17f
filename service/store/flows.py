"""SQL of flows that people hold back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from service.ports.flow_stores import FlowHold
from service.store.flow_tables import flow_hold


class SqlFlowHoldStore:
    """Holds; a released one is gone, and the audit trail tells of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, hold: FlowHold) -> None:
        """Store a hold."""
        self._connection.execute(
            insert(flow_hold).values(
                name=hold.name,
                queue=hold.queue,
                by_id=hold.by_id,
                reason=hold.reason,
                at=hold.at,
                resume_at=hold.resume_at,
            )
        )

    def get(self, name: str) -> FlowHold | None:
        """Give the hold on a flow or a queue."""
        row = self._connection.execute(select(flow_hold).where(flow_hold.c.name == name))
        found = row.one_or_none()
        return None if found is None else _hold_of(found)

    def all(self) -> list[FlowHold]:
        """Give every hold, oldest first."""
        query = select(flow_hold).order_by(flow_hold.c.at, flow_hold.c.name)
        return [_hold_of(row) for row in self._connection.execute(query)]

    def remove(self, name: str) -> None:
        """Release a flow or a queue."""
        self._connection.execute(delete(flow_hold).where(flow_hold.c.name == name))


def _hold_of(row: Row[Any]) -> FlowHold:
    return FlowHold(
        name=row.name,
        queue=row.queue,
        by_id=row.by_id,
        reason=row.reason,
        at=row.at,
        resume_at=row.resume_at,
    )
