"""SQL of the order in which everything became known."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from service.ports.stores import Fact, FactKind
from service.store.tables import fact

SINCE = select(fact).where(fact.c.seq > bindparam("after")).order_by(fact.c.seq)
"""Asked with every request, so it is built once: building costs more than asking."""


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
