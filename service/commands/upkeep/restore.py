"""Put a backup into an empty home and an empty database, and prove that all of it is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect

from service.commands.upkeep.backup import DATABASE_FILE
from service.commands.upkeep.backup_folder import (
    DATABASE,
    HOME,
    Manifest,
    checked_manifest,
    unpacked,
)
from service.commands.verify_audit import verify_audit
from service.settings import Settings
from service.store.control_totals import SqlControlBooks
from service.store.database import is_sqlite, open_for_reading, open_for_writing
from service.store.database_health import refuse_unsafe
from service.store.migrate import migrate, schema_of
from service.store.postgres_copy import copy_in
from service.usecases.upkeep.control_totals import control_totals
from service.workflows.engine import prepare_engine

Tell = Callable[[str, int, int], None]


class RestoreRefusedError(RuntimeError):
    """The backup does not fit there; nothing was changed."""


class RestoreFailedError(RuntimeError):
    """What was put back is not what was backed up; it must not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back and proved."""

    rows: int
    entries: int
    """Of the audit trail, each verified."""
    has_keys: bool


def restore(settings: Settings, source: Path, *, progress: Tell) -> Restored:
    """Put a backup back and verify the trail, the totals and the rows of each table.

    Raises DamagedBackupError, RestoreRefusedError or RestoreFailedError.
    """
    with unpacked(source) as folder:
        # 1. Nothing is touched before the backup is whole and the target is known to be empty.
        manifest = checked_manifest(folder)
        _refuse_what_does_not_fit(settings, manifest)
        # 2. Files first: the rows that speak of them come last.
        shutil.copytree(folder / HOME, settings.home, dirs_exist_ok=True)
        settings.secrets_folder.chmod(0o700)
        rows = _restore_database(settings, folder / DATABASE, manifest, progress=progress)
    # 3. It is done only when it is proved.
    if rows != dict(manifest.rows_by_table):
        wrong = sorted(name for name in rows if rows[name] != manifest.rows_by_table.get(name))
        raise RestoreFailedError(f"the rows of {', '.join(wrong)} differ; do not use this home")
    entries = _proved(settings)
    _bring_up_to_date(settings)
    return Restored(
        rows=manifest.rows,
        entries=entries,
        has_keys=(settings.secrets_folder / "audit_key.pem").exists(),
    )


def _refuse_what_does_not_fit(settings: Settings, manifest: Manifest) -> None:
    wanted = "sqlite" if is_sqlite(settings.database) else "postgresql"
    if manifest.dialect != wanted:
        raise RestoreRefusedError(
            f"the backup is of {manifest.dialect} and COUNTERSIGN_DATABASE_URL names {wanted}; "
            "restore it onto its own kind"
        )
    if settings.home.is_dir():
        # Keys may be there before: a backup without them needs that.
        others = [one for one in settings.home.iterdir() if one != settings.secrets_folder]
        if others:
            raise RestoreRefusedError(
                f"{settings.home} holds {others[0].name} already; name an empty home"
            )
    settings.home.mkdir(parents=True, exist_ok=True)
    if wanted == "sqlite":
        return
    engine = open_for_reading(settings.database)
    try:
        with engine.begin() as connection:
            refuse_unsafe(connection)
            tables = inspect(connection).get_table_names()
    finally:
        engine.dispose()
    if tables:
        raise RestoreRefusedError(f"the database holds the table {tables[0]}; name an empty one")


def _restore_database(
    settings: Settings, folder: Path, manifest: Manifest, *, progress: Tell
) -> dict[str, int]:
    def tell(done: int, total: int) -> None:
        progress("database", done, total)

    if is_sqlite(settings.database):
        shutil.copy2(folder / DATABASE_FILE, settings.database.removeprefix("sqlite:///"))
        return dict(manifest.rows_by_table)
    engine = open_for_writing(settings.database)
    try:
        with engine.begin() as connection:
            migrate(connection, to=manifest.schema_revision)
        prepare_engine(settings.database)
        with engine.begin() as connection:
            return copy_in(connection, folder, tell=tell)
    finally:
        engine.dispose()


def _proved(settings: Settings) -> int:
    """Verify every entry and every total; gives how many entries that were."""
    found = verify_audit(settings).verification
    if not found.is_verified:
        raise RestoreFailedError(f"the audit trail is not whole: {found.problems[0].what}")
    engine = open_for_reading(settings.database)
    try:
        with engine.begin() as connection:
            totals = control_totals(SqlControlBooks(connection))
    finally:
        engine.dispose()
    for one in totals:
        if one.difference:
            raise RestoreFailedError(f"{one.in_words()}; difference {one.difference:+,}")
    return found.entries


def _bring_up_to_date(settings: Settings) -> None:
    engine = open_for_writing(settings.database)
    try:
        with engine.begin() as connection:
            if schema_of(connection) is not None:
                migrate(connection)
    finally:
        engine.dispose()
