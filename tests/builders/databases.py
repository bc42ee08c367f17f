"""Databases of tests: SQLite files, or PostgreSQL from a wheel under `--database postgres`."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from service.settings import Settings
from service.store.database import open_for_writing
from service.store.migrate import migrate

if TYPE_CHECKING:
    from tests.builders.postgres_server import PostgresServer

SQLITE, POSTGRES = "sqlite", "postgres"
TEMPLATE = "countersign_template"


class Databases:
    """What kind of database the tests of this process get, and those they have."""

    def __init__(self) -> None:
        self.kind = SQLITE
        self._server: PostgresServer | None = None
        self._names: dict[Path, str] = {}
        self._made = 0

    @property
    def server(self) -> PostgresServer:
        """The server, which the first to ask for it starts."""
        if self._server is None:
            # Most runs want none, and its import is slow.
            from tests.builders.postgres_server import PostgresServer  # noqa: PLC0415

            self._server = PostgresServer()
            self._server.create_template(TEMPLATE)
        return self._server

    def make(self, folder: Path) -> str:
        """Make a PostgreSQL database with the newest schema; a folder has one at a time."""
        return self._create(folder, template=TEMPLATE)

    def make_empty(self, folder: Path) -> str:
        """Make one without any table."""
        return self._create(folder)

    def copy(self, folder: Path, *, to: Path) -> None:
        """Give a folder a copy of another one's database; whoever speaks to that is cut off."""
        if self.kind == POSTGRES:
            source = self._names[folder.absolute()]
            self.server.cut_off(source)
            self._create(to, template=source)

    def of(self, folder: Path) -> str:
        """Give the PostgreSQL database of a folder, made at the first call."""
        if (name := self._names.get(folder.absolute())) is not None:
            return self.server.url(name)
        return self.make(folder)

    def forget(self, folder: Path) -> None:
        """Drop the databases of a folder and of those in it."""
        for one in [one for one in self._names if one.is_relative_to(folder.absolute())]:
            self.server.drop(self._names.pop(one))

    def stop(self) -> None:
        """End the server, if one was started."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _create(self, folder: Path, **more: str) -> str:
        self.forget(folder)
        self._made += 1
        self._names[folder.absolute()] = name = f"test_{self._made}"
        return self.server.create(name, **more)


DATABASES = Databases()


def choose(kind: str) -> None:
    """Say what kind every home of this process has that names no database of its own."""
    DATABASES.kind = kind
    if kind == POSTGRES:
        Settings.database = property(_database_of)  # type: ignore[assignment,method-assign]


def database(folder: Path) -> str:
    """Make a database with the newest schema and give its address."""
    if DATABASES.kind == POSTGRES:
        return DATABASES.make(folder)
    return sqlite_database(folder)


def sqlite_database(folder: Path) -> str:
    """Make the same as an SQLite file, for tests of what only SQLite does."""
    path = folder / "countersign.db"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


def settings_over(home: Path, **more: object) -> Settings:
    """Give the settings of an installation in a folder, over the kind of database chosen."""
    return Settings(home=home, **(database_setting(home) | more))  # type: ignore[arg-type]


def database_setting(home: Path) -> dict[str, object]:
    """Give the setting that names the database of a home folder, where it is not a file in it."""
    return {"database_url": DATABASES.of(home)} if DATABASES.kind == POSTGRES else {}


def database_environment(home: Path) -> dict[str, str]:
    """Give the same for the environment of a command."""
    return {f"COUNTERSIGN_{name.upper()}": str(one) for name, one in database_setting(home).items()}


def without_triggers(table: str, connection: Connection) -> list[str]:
    """Give what an administrator says to be rid of the triggers of a table."""
    if connection.dialect.name != "sqlite":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    names = connection.execute(query, {"table": table}).scalars().all()
    return [f"DROP TRIGGER {name}" for name in names]


def _database_of(settings: Settings) -> str:
    return settings.database_url or DATABASES.of(settings.home)


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        engine = open_for_writing(f"sqlite:///{path}")
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        return path.read_bytes()
