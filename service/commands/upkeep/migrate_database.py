"""Bring the database of an installation up to date, or say what is missing."""

from __future__ import annotations

from pathlib import Path

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings
from service.store.database import is_sqlite, open_for_reading
from service.store.migrate import Migration, pending_migrations


def database_exists(settings: Settings) -> bool:
    """Say whether there is a database to look at; one on a server is taken to be there."""
    url = settings.database
    return not is_sqlite(url) or Path(url.removeprefix("sqlite:///")).exists()


def missing_migrations(settings: Settings) -> tuple[Migration, ...]:
    """Give what the database lacks, and change nothing. Raises NewerSchemaError."""
    # A file that is not there yet lacks everything, and looking shall not make it.
    engine = open_for_reading(settings.database if database_exists(settings) else "sqlite://")
    try:
        with engine.begin() as connection:
            return pending_migrations(connection)
    finally:
        engine.dispose()


def migrate_database(settings: Settings) -> tuple[Migration, ...]:
    """Apply what the database lacks, with the engine's own tables, and give what was applied.

    It is one transaction: a failure leaves the database as it was. Raises NewerSchemaError.
    """
    missing = missing_migrations(settings)
    prepare_home(settings, clock=SystemClock())
    return missing
