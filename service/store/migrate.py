"""Bring a database to the schema this version works with."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Apply every migration that is missing; the caller's transaction holds them all."""
    command.upgrade(_config(connection), "head")


def is_current(connection: Connection) -> bool:
    """Say whether the schema is the newest."""
    script = ScriptDirectory.from_config(_config(connection))
    return MigrationContext.configure(connection).get_current_revision() == (
        script.get_current_head()
    )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
