"""Copies the rows of a PostgreSQL database, ours and the engine's, and puts them into an empty one.

No program of the server is needed, and its versions may differ: rows travel as COPY writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

SCHEMAS = ("public", "dbos")
KEPT_BY_MIGRATIONS = frozenset({"public.alembic_version", "dbos.dbos_migrations"})
"""The empty database has these rows already."""
PIECE_BYTES = 1 << 20
Tell = Callable[[int, int], None]

_TABLES = text(
    "SELECT n.nspname || '.' || c.relname AS name, c.oid, "
    "(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a "
    "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') "
    "AS columns FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind = 'r' AND n.nspname = ANY(:schemas) ORDER BY 1"
)
_NEEDS = text("SELECT conrelid, confrelid FROM pg_constraint WHERE contype = 'f'")
_NUMBERED = text(
    "SELECT quote_ident(a.attname) AS name, pg_get_serial_sequence(:table, a.attname) AS sequence "
    "FROM pg_attribute a WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 "
    "AND NOT a.attisdropped AND pg_get_serial_sequence(:table, a.attname) IS NOT NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """One table: its name with its schema, and its columns as COPY takes them."""

    name: str
    columns: str


def tables_of(connection: Connection) -> list[CopiedTable]:
    """Give every table that holds rows of an installation, those that are referred to first."""
    rows = {row.oid: row for row in connection.execute(_TABLES, {"schemas": list(SCHEMAS)})}
    needs: dict[int, set[int]] = {oid: set() for oid in rows}
    for row in connection.execute(_NEEDS):
        if row.conrelid in needs and row.confrelid != row.conrelid:
            needs[row.conrelid].add(row.confrelid)
    ordered: list[int] = []
    while needs:
        free = sorted(oid for oid, others in needs.items() if not others - set(ordered))
        if not free:
            raise RuntimeError("the tables refer to each other in a circle")
        ordered += free
        for oid in free:
            del needs[oid]
    found = [CopiedTable(name=rows[oid].name, columns=rows[oid].columns) for oid in ordered]
    return [one for one in found if one.name not in KEPT_BY_MIGRATIONS]


def copy_out(connection: Connection, folder: Path, *, tell: Tell) -> dict[str, int]:
    """Write each table into a file of its own, all as of one moment; gives the rows of each.

    The connection's transaction must see one moment (REPEATABLE READ).
    """
    tables = tables_of(connection)
    counted: dict[str, int] = {}
    for place, table in enumerate(tables):
        tell(place, len(tables))
        with (
            (folder / table.name).open("wb") as file,
            _cursor(connection) as cursor,
            cursor.copy(f"COPY {table.name} ({table.columns}) TO STDOUT") as copy,
        ):
            for piece in copy:
                file.write(piece)
        counted[table.name] = _count(connection, table.name)
    tell(len(tables), len(tables))
    (folder / "columns").write_text("".join(f"{one.name}\t{one.columns}\n" for one in tables))
    return counted


def copy_in(connection: Connection, folder: Path, *, tell: Tell) -> dict[str, int]:
    """Put copied rows into a database that has the tables and nothing in them.

    The rules of the database about history speak of changes, so they rest for these inserts; what
    comes in is proved by the trail afterwards. Foreign keys are checked as ever.
    """
    columns = dict(line.split("\t", 1) for line in (folder / "columns").read_text().splitlines())
    tables = [one for one in tables_of(connection) if one.name in columns]
    for table in reversed(tables):
        if table.name.startswith("dbos."):
            connection.exec_driver_sql(f"DELETE FROM {table.name}")  # noqa: S608 - a name of the catalogue
    for place, table in enumerate(tables):
        tell(place, len(tables))
        connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        _fill(connection, table.name, columns=columns[table.name], file=folder / table.name)
        connection.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        _go_on_counting(connection, table.name)
    tell(len(tables), len(tables))
    return {table.name: _count(connection, table.name) for table in tables}


def _fill(connection: Connection, table: str, *, columns: str, file: Path) -> None:
    with (
        file.open("rb") as rows,
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        while piece := rows.read(PIECE_BYTES):
            copy.write(piece)


def _go_on_counting(connection: Connection, table: str) -> None:
    numbered: Sequence[Any] = connection.execute(_NUMBERED, {"table": table}).all()
    for column in numbered:
        newest = f"SELECT max({column.name}) FROM {table}"  # noqa: S608 - names of the catalogue
        highest = connection.exec_driver_sql(newest).scalar()
        if highest is not None:
            connection.execute(
                text("SELECT setval(:sequence, :highest)"),
                {"sequence": column.sequence, "highest": highest},
            )


def _count(connection: Connection, table: str) -> int:
    query = f"SELECT count(*) FROM {table}"  # noqa: S608 - a name of the catalogue
    return int(connection.exec_driver_sql(query).scalar_one())


def _cursor(connection: Connection) -> Any:  # noqa: ANN401 - a cursor of psycopg
    return connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
