"""Bring a database to the schema this version works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchemaError(RuntimeError):
    """The database was written by a newer version, which this one must not guess at."""

    def __init__(self, revision: str, *, newest: str) -> None:
        super().__init__(
            f"the database has schema {revision}, and this version knows schemas up to {newest}; "
            "start the version that wrote it, or restore a backup of before it"
        )
        self.revision, self.newest = revision, newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema."""

    revision: str
    what: str


def migrate(connection: Connection, *, to: str = "head") -> None:
    """Apply every migration that is missing, up to one; the caller's transaction holds them all.

    Raises NewerSchemaError.
    """
    pending_migrations(connection)
    command.upgrade(_config(connection), to)


def is_current(connection: Connection) -> bool:
    """Say whether the schema is the newest. Raises NewerSchemaError."""
    return not pending_migrations(connection)


def schema_of(connection: Connection) -> str | None:
    """Name the schema a database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def pending_migrations(connection: Connection) -> tuple[Migration, ...]:
    """Give what is missing, in the order it would be applied. Raises NewerSchemaError."""
    script = ScriptDirectory.from_config(_config(connection))
    steps = list(reversed(list(script.walk_revisions())))
    current = schema_of(connection)
    known = [step.revision for step in steps]
    if current is not None and current not in known:
        raise NewerSchemaError(current, newest=known[-1])
    missing = steps if current is None else steps[known.index(current) + 1 :]
    return tuple(Migration(revision=one.revision, what=one.doc) for one in missing)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
