"""Finds connection files, and puts the systems they describe together."""

from __future__ import annotations

from pathlib import Path

from service.connectors.posting_lock import PostingLock
from service.connectors.rest_auth import SecretFiles
from service.connectors.rest_file import read_connection
from service.connectors.rest_http import RestSystem, connect_rest
from service.connectors.rest_ledger import RestLedger
from service.connectors.rest_store import RowStore
from service.settings import NotConfiguredError, Settings

FILE_ENDINGS = frozenset({".yaml", ".yml", ".json"})


def connection_file(settings: Settings, named: str) -> Path:
    """Give the file of a connection, named by its path or by its name in the home folder.

    Raises NotConfiguredError where there is none.
    """
    path = Path(named)
    if path.suffix in FILE_ENDINGS:
        if path.is_file():
            return path
        raise NotConfiguredError(f"there is no connection file {named}; check the path")
    kept = settings.connections_folder / f"{path.name}.yaml"
    if kept.is_file():
        return kept
    known = sorted(one.stem for one in settings.connections_folder.glob("*.yaml"))
    listed = f"it knows {', '.join(known)}" if known else "it knows none yet"
    raise NotConfiguredError(
        f"there is no connection {named!r}; {listed}. Give the path of a file that ends in .yaml, "
        f"or put the file there as {kept}"
    )


def secret_files(settings: Settings) -> SecretFiles:
    """Give where secrets of connections are kept."""
    return SecretFiles(settings.secrets_folder)


def connect(settings: Settings, named: str) -> RestSystem:
    """Connect to the system of a connection file; nothing is sent yet.

    Raises FileMistakesError, NotConfiguredError without a file, or MissingSecretError.
    """
    connection = read_connection(connection_file(settings, named))
    return connect_rest(connection, secrets=secret_files(settings))


def kept_rows(settings: Settings, name: str) -> RowStore:
    """Give what is kept between two syncs of a connection."""
    return RowStore(settings.connections_folder / f"{name}.rows.db")


def build_connected_ledger(settings: Settings) -> RestLedger:
    """Give the ledger that bills are posted to by a connection file. Raises NotConfiguredError."""
    if not settings.ledger_connection:
        raise NotConfiguredError(
            "COUNTERSIGN_LEDGER=connection needs COUNTERSIGN_LEDGER_CONNECTION, the path of a "
            "connection file or its name"
        )
    system = connect(settings, settings.ledger_connection)
    section = system.connection.ledger
    if section is None:
        raise NotConfiguredError(
            f"the connection {system.connection.name} has no section `ledger`; add it, or post "
            "elsewhere by COUNTERSIGN_LEDGER"
        )
    return RestLedger(system, section=section, lock=PostingLock(settings.home / "locks"))
