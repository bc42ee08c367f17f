"""SQL of contract texts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from service.store.desk_tables import contract_document


class SqlDocumentStore:
    """Texts that clauses were read out of; the table is append-only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, contract_id: str, *, sha256: str, text: str, at: datetime) -> None:
        """Store a text; the same text of the same contract is stored once."""
        if self.get(contract_id, sha256=sha256) is None:
            self._connection.execute(
                insert(contract_document).values(
                    contract_id=contract_id, sha256=sha256, text=text, at=at
                )
            )

    def get(self, contract_id: str, *, sha256: str) -> str | None:
        """Give a text."""
        query = select(contract_document.c.text).where(
            contract_document.c.contract_id == contract_id, contract_document.c.sha256 == sha256
        )
        return self._connection.execute(query).scalar()
