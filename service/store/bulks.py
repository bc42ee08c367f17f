"""SQL of bulks: several cases decided at once, and those taken back as a whole."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from data.schemas.vocabulary import ReasonCode, Verdict
from service.ports.deciding_stores import Bulk
from service.store.desk_tables import bulk, bulk_revert


class SqlBulkStore:
    """Bulks, and those that were taken back as a whole."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Bulk) -> None:
        """Append a bulk."""
        self._connection.execute(
            insert(bulk).values(
                id=one.id,
                actor_id=one.actor_id,
                verdict=one.verdict.value,
                reason_codes=json.dumps(one.reason_codes),
                note=one.note,
                decisions=one.decisions,
                at=one.at,
            )
        )

    def get(self, bulk_id: str) -> Bulk | None:
        """Give a bulk."""
        row = self._connection.execute(select(bulk).where(bulk.c.id == bulk_id)).one_or_none()
        return None if row is None else bulk_of_row(row)

    def add_revert(self, bulk_id: str, *, actor_id: str, at: datetime) -> None:
        """Append that a bulk was taken back."""
        self._connection.execute(
            insert(bulk_revert).values(bulk_id=bulk_id, actor_id=actor_id, at=at)
        )

    def is_reverted(self, bulk_id: str) -> bool:
        """Say whether a bulk was taken back."""
        query = select(bulk_revert.c.bulk_id).where(bulk_revert.c.bulk_id == bulk_id)
        return self._connection.execute(query).scalar() is not None


def bulk_of_row(row: Row[Any]) -> Bulk:
    """Read a row of the bulk table."""
    return Bulk(
        id=row.id,
        actor_id=row.actor_id,
        verdict=Verdict(row.verdict),
        reason_codes=tuple(ReasonCode(code) for code in json.loads(row.reason_codes)),
        note=row.note,
        decisions=row.decisions,
        at=row.at,
    )
