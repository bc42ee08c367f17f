"""Connections: one place that knows how each database must be opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

WAIT_MS = 30_000
"""How long a writer waits for the one before it, on either database."""
IDLE_MS = 300_000
"""PostgreSQL ends a transaction that says nothing for so long: others wait for its lock."""
CONNECT_SECONDS = 5
WRITE_LOCK = 20_260_302
"""Our advisory lock in a PostgreSQL database; it is taken by every writing transaction."""


def open_for_writing(url: str) -> Engine:
    """Open an engine whose transactions come one after the other, on either database.

    Use cases read, judge and then write; what they judged must still hold when they write. SQLite
    has one writer at a time, and a deferred transaction that reads and then writes fails at once
    under contention, so each starts with BEGIN IMMEDIATE. PostgreSQL takes an advisory lock that
    ends with the transaction, so that what is proved of use cases on one holds on the other.
    """
    engine = _open(url)
    take_turn = (
        "BEGIN IMMEDIATE" if is_sqlite(url) else f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(take_turn))
    return engine


def open_for_reading(url: str) -> Engine:
    """Open an engine for screens and lists: each transaction sees one moment, and nobody waits."""
    engine = _open(url, isolation_level="REPEATABLE READ")
    if is_sqlite(url):
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def is_sqlite(url: str) -> bool:
    """Say whether an address names an SQLite file."""
    return url.startswith("sqlite")


def is_in_transaction(connection: Connection) -> bool:
    """Say whether the database still holds the transaction that this connection began."""
    if connection.invalidated:
        return False
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        return bool(raw.in_transaction)
    return not raw.closed and raw.info.transaction_status.name == "INTRANS"


def _open(url: str, **options: str) -> Engine:
    if is_sqlite(url):
        engine = create_engine(url)
        event.listen(engine, "connect", _set_up_sqlite)
        return engine
    engine = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "countersign"},
        **options,
    )
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_postgresql(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {WAIT_MS}")
    cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
    cursor.execute("SET timezone = 'UTC'")
    cursor.close()
    connection.commit()


def _set_up_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Without it REPLACE deletes a row behind the back of the triggers that refuse DELETE.
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.close()
