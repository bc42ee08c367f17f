"""What of a database's own settings would lose or misread what is written to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
"""Without one of these PostgreSQL loses, after a crash, what it said was stored."""
PLAIN_COLLATIONS = frozenset({"C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8"})
"""Text sorts by code points, as in Python and in SQLite: cursors and periods rely on it."""
CREATE = "CREATE DATABASE countersign TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"


class UnsafeDatabaseError(RuntimeError):
    """The database may lose what it acknowledged, or sorts otherwise than the service does."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def refuse_unsafe(connection: Connection) -> None:
    """Raise UnsafeDatabaseError where a setting would lose or misread data."""
    faults = list(faults_of(connection))
    if faults:
        raise UnsafeDatabaseError(faults)


def faults_of(connection: Connection) -> Iterator[str]:
    """Give each setting that is wrong, with what to do."""
    if connection.dialect.name != "postgresql":
        return
    for name in MUST_BE_ON:
        found = connection.exec_driver_sql(f"SHOW {name}").scalar()
        if found == "off":
            yield (
                f"{name} is off, so a crash loses what was acknowledged; set {name} = on in "
                "postgresql.conf and restart the server"
            )
    row = connection.exec_driver_sql(
        "SELECT datcollate, pg_encoding_to_char(encoding) AS encoding FROM pg_database "
        "WHERE datname = current_database()"
    ).one()
    if row.datcollate not in PLAIN_COLLATIONS or row.encoding != "UTF8":
        yield (
            f"the database is {row.encoding} and sorts by {row.datcollate}, but must be UTF8 and "
            f"sort by code points; make it anew: {CREATE}"
        )


def is_sound(connection: Connection) -> str | None:
    """Give what is damaged in the storage itself, as far as the database can tell quickly."""
    if connection.dialect.name != "sqlite":
        return None
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    return None if found == "ok" else str(found)


def time_of(connection: Connection) -> datetime | None:
    """Give the clock of a database server; a file has none of its own."""
    if connection.dialect.name != "postgresql":
        return None
    moment: datetime | None = connection.exec_driver_sql("SELECT clock_timestamp()").scalar()
    return moment
