"""SQL of facts and kept answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from service.ports.stores import Fact, FactKind
from service.store.tables import answer as answer_table
from service.store.tables import fact

SINCE = select(fact).where(fact.c.seq > bindparam("after")).order_by(fact.c.seq)
KEPT = select(answer_table.c.request_sha256, answer_table.c.body).where(
    answer_table.c.owner == bindparam("owner"), answer_table.c.idempotency_key == bindparam("key")
)
"""Both are asked with every request, so they are built once: building costs more than asking."""


class SqlFactStore:
    """The order in which everything became known; each fact stands once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, facts: Sequence[Fact]) -> None:
        """Append facts; one that stands already is left as it is."""
        is_sqlite = self._connection.dialect.name == "sqlite"
        statement = sqlite.insert(fact) if is_sqlite else postgresql.insert(fact)
        self._connection.execute(
            statement.on_conflict_do_nothing(index_elements=["kind", "subject_id"]),
            [{"kind": one.kind.value, "subject_id": one.subject_id, "at": one.at} for one in facts],
        )

    def since(self, seq: int) -> list[Fact]:
        """Give the facts after `seq`, in order."""
        return [
            Fact(seq=row.seq, kind=FactKind(row.kind), subject_id=row.subject_id, at=row.at)
            for row in self._connection.execute(SINCE, {"after": seq})
        ]


class SqlAnswerStore:
    """Answers kept under their idempotency key, to be repeated byte for byte."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, *, owner: str, key: str) -> tuple[str, bytes] | None:
        """Give the request hash and the answer kept under a key."""
        row = self._connection.execute(KEPT, {"owner": owner, "key": key}).first()
        return None if row is None else (row.request_sha256, row.body)

    def keep(
        self, *, owner: str, key: str, request_sha256: str, answer: bytes, at: datetime
    ) -> None:
        """Keep an answer."""
        self._connection.execute(
            insert(answer_table).values(
                owner=owner,
                idempotency_key=key,
                request_sha256=request_sha256,
                body=answer,
                kept_at=at,
            )
        )
