"""What is kept of a connection between two syncs: its rows, its cursors, what was handed on.

A timesheet is made of all its rows, and a pull gives the changed ones only, so the others are kept
here. The file is a copy: without it the next sync reads everything anew, and bills nothing twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from service.connectors.outside_http import exact_json
from service.ports.outside_errors import OutsideTransientError
from service.ports.source import Page

SCHEMA = """
CREATE TABLE IF NOT EXISTS row (
  entity TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (entity, id)
) STRICT;
CREATE TABLE IF NOT EXISTS cursor (entity TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS handed_on (
  entity TEXT NOT NULL, item_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (entity, item_id)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class KeptRows:
    """The rows of one connection, inside one transaction."""

    connection: sqlite3.Connection

    def cursor(self, entity: str) -> str | None:
        """Give how far an entity was read, or None."""
        row = self.connection.execute(
            "SELECT body FROM cursor WHERE entity = ?", (entity,)
        ).fetchone()
        return None if row is None else str(row[0])

    def take(self, page: Page, *, ids: Iterable[str]) -> None:
        """Keep the rows of a page under their ids, drop those that are gone, move the cursor."""
        rows = zip(ids, page.rows, strict=True)
        self.connection.executemany(
            "INSERT OR REPLACE INTO row (entity, id, body) VALUES (?, ?, ?)",
            [(page.entity, row_id, _written(row)) for row_id, row in rows],
        )
        self.connection.executemany(
            "DELETE FROM row WHERE entity = ? AND id = ?", [(page.entity, one) for one in page.gone]
        )
        self.connection.execute(
            "INSERT OR REPLACE INTO cursor (entity, body) VALUES (?, ?)", (page.entity, page.cursor)
        )

    def rows(self, entity: str) -> Iterator[Mapping[str, object]]:
        """Give every row of an entity, in the order of ids."""
        found = self.connection.execute(
            "SELECT body FROM row WHERE entity = ? ORDER BY length(id), id", (entity,)
        )
        for (body,) in found:
            yield exact_json(body)

    def handed_on(self, entity: str) -> dict[str, str]:
        """Give the hash of each item as it was handed on last, by the item's id."""
        found = self.connection.execute(
            "SELECT item_id, sha256 FROM handed_on WHERE entity = ?", (entity,)
        )
        return dict(found.fetchall())

    def note_handed_on(self, entity: str, hashes: Mapping[str, str]) -> None:
        """Note items that were handed on."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO handed_on (entity, item_id, sha256) VALUES (?, ?, ?)",
            [(entity, item_id, sha256) for item_id, sha256 in hashes.items()],
        )

    def forget(self, entity: str, item_ids: Iterable[str]) -> None:
        """Drop items that were withdrawn."""
        self.connection.executemany(
            "DELETE FROM handed_on WHERE entity = ? AND item_id = ?",
            [(entity, one) for one in item_ids],
        )


@dataclass(frozen=True, slots=True)
class RowStore:
    """The file of one connection; one sync holds it at a time."""

    path: Path

    @contextmanager
    def held(self) -> Iterator[KeptRows]:
        """Keep what the block does, all of it or nothing.

        Raises OutsideTransientError where another sync of the same connection runs.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise OutsideTransientError(
                    f"another sync of {self.path.stem} runs; wait until it ends"
                ) from error
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            try:
                yield KeptRows(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _written(row: Mapping[str, object]) -> str:
    """Write a row so that it reads back the same: money keeps its digits."""
    return json.dumps(_plain(row), ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return format(value, "f")
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return value
