"""SQL of transfers: minutes that a decision moved to another contract line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from data.schemas.vocabulary import TransferStatus
from service.ports.deciding_stores import Transfer
from service.store.desk_tables import transfer


class SqlTransferStore:
    """Moved minutes until somebody says that they are booked where they belong."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, transfers: Sequence[Transfer]) -> None:
        """Store new transfers."""
        if transfers:
            self._connection.execute(insert(transfer), [_row_of(one) for one in transfers])

    def get(self, transfer_id: str) -> Transfer | None:
        """Give a transfer."""
        query = select(transfer).where(transfer.c.id == transfer_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else transfer_of_row(row)

    def of_decision(self, decision_id: str) -> list[Transfer]:
        """Give what a decision moved."""
        query = select(transfer).where(transfer.c.decision_id == decision_id)
        rows = self._connection.execute(query.order_by(transfer.c.id))
        return [transfer_of_row(row) for row in rows]

    def save(self, one: Transfer) -> None:
        """Write a settled transfer."""
        self._connection.execute(
            update(transfer).where(transfer.c.id == one.id).values(**_row_of(one))
        )


def transfer_of_row(row: Row[Any]) -> Transfer:
    """Read a row of the transfer table."""
    return Transfer(
        id=row.id,
        decision_id=row.decision_id,
        item_id=row.item_id,
        client_id=row.client_id,
        business_unit=row.business_unit,
        row_id=row.row_id,
        minutes=row.minutes,
        amount_minor=row.amount_minor,
        currency=row.currency,
        to_contract_id=row.to_contract_id,
        to_line_id=row.to_line_id,
        status=TransferStatus(row.status),
        created_at=row.created_at,
        settled_by_id=row.settled_by_id,
        settled_at=row.settled_at,
        note=row.note,
    )


def _row_of(one: Transfer) -> dict[str, object]:
    return {**asdict(one), "status": one.status.value}
