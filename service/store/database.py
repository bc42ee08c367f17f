"""Connections: one place that knows how each database must be opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event

BUSY_TIMEOUT_MS = 30_000


def open_for_writing(url: str) -> Engine:
    """Open an engine whose transactions take the write lock at once.

    A deferred SQLite transaction that reads and then writes fails at once under contention
    instead of waiting, so every writing transaction starts with BEGIN IMMEDIATE.
    """
    return _open(url, begin="BEGIN IMMEDIATE")


def open_for_reading(url: str) -> Engine:
    """Open an engine for screens and lists; on SQLite its readers never wait for the writer."""
    return _open(url, begin="BEGIN")


def _open(url: str, *, begin: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Without it REPLACE deletes a row behind the back of the triggers that refuse DELETE.
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.close()
