"""SQL of what was done and answered under idempotency keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.ports.answer_stores import NO_HEADERS, KeptAnswer
from service.store.tables import answer as answer_table

KEPT = select(answer_table).where(
    answer_table.c.owner == bindparam("owner"), answer_table.c.idempotency_key == bindparam("key")
)
"""Asked with every write, so it is built once: building costs more than asking."""
PRIMARY = ["owner", "idempotency_key"]


class SqlAnswerStore:
    """Effects and answers under the idempotency keys of their callers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, *, owner: str, key: str) -> KeptAnswer | None:
        """Give what is known of a key."""
        row = self._connection.execute(KEPT, {"owner": owner, "key": key}).first()
        if row is None:
            return None
        return KeptAnswer(
            request_sha256=row.request_sha256,
            result=row.result,
            status=row.status,
            headers=json.loads(row.headers),
            body=row.body,
        )

    def note_effect(
        self, *, owner: str, key: str, request_sha256: str, result: str | None, at: datetime
    ) -> bool:
        """Write down that a request took effect; False where the key is taken already."""
        statement = self._insert().values(
            owner=owner,
            idempotency_key=key,
            request_sha256=request_sha256,
            result=result,
            status=None,
            headers="{}",
            body=b"",
            kept_at=at,
        )
        noted = statement.on_conflict_do_nothing(index_elements=PRIMARY)
        row = self._connection.execute(noted.returning(answer_table.c.owner)).first()
        return row is not None

    def keep(
        self,
        *,
        owner: str,
        key: str,
        request_sha256: str,
        answer: bytes,
        at: datetime,
        status: int = 200,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        """Keep the answer of a request, to be repeated byte for byte."""
        said = {"status": status, "headers": json.dumps(dict(headers)), "body": answer}
        statement = self._insert().values(
            owner=owner,
            idempotency_key=key,
            request_sha256=request_sha256,
            result=None,
            kept_at=at,
            **said,
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=PRIMARY, set_={**said, "result": None})
        )

    def forget(self, *, until: datetime) -> int:
        """Forget what was kept before a moment; gives how many keys that were."""
        return self._connection.execute(
            delete(answer_table).where(answer_table.c.kept_at < until)
        ).rowcount

    def _insert(self) -> sqlite.Insert | postgresql.Insert:
        is_sqlite = self._connection.dialect.name == "sqlite"
        return sqlite.insert(answer_table) if is_sqlite else postgresql.insert(answer_table)
