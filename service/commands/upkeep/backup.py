"""Copy an installation as it is at one moment, while it runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from service.audit.key_files import PUBLIC_FILE
from service.clock import SystemClock
from service.commands.upkeep.backup_folder import (
    DATABASE,
    HOME,
    MANIFEST,
    KeptFile,
    Manifest,
    files_in,
    is_packed,
    pack,
)
from service.settings import Settings
from service.store.database import is_sqlite, open_for_reading
from service.store.migrate import schema_of
from service.store.postgres_copy import copy_out
from service.store.sqlite_copy import copy_sqlite
from service.store.tables import metadata

DATABASE_FILE = "countersign.db"
FOLDERS = ("attachments", "bundles", "clauses", "connections", "imports")
"""Of the home folder. Logs, locks and the store of training runs are not needed to go on."""
Tell = Callable[[str, int, int], None]


class BackupRefusedError(RuntimeError):
    """A backup cannot be made there, or of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What was written."""

    files: Mapping[str, KeptFile]
    rows: int
    size_bytes: int
    schema: str
    has_keys: bool


def back_up(settings: Settings, target: Path, *, with_keys: bool, progress: Tell) -> Backup:
    """Write a backup to a new folder or a new packed file. Raises BackupRefusedError.

    Checkpoints are copied before the database and files after it, so that the log is never
    shorter than what was signed, and no row speaks of a file that is not there.
    """
    if target.exists():
        raise BackupRefusedError(f"{target} exists already; name a new one")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.absolute().parent, prefix=".countersign-") as made:
        folder = Path(made) / "backup"
        manifest = _written(settings, folder, with_keys=with_keys, progress=progress)
        if is_packed(target):
            pack(folder, target)
        else:
            folder.replace(target)
    return Backup(
        files=manifest.files,
        rows=manifest.rows,
        size_bytes=manifest.size_bytes,
        schema=manifest.schema_revision,
        has_keys=manifest.has_keys,
    )


def _written(settings: Settings, folder: Path, *, with_keys: bool, progress: Tell) -> Manifest:
    home = folder / HOME
    (folder / DATABASE).mkdir(parents=True)
    home.mkdir()
    _copy_folder(settings.checkpoints_folder, home / settings.checkpoints_folder.name)
    rows, revision = _copy_database(settings, folder / DATABASE, progress=progress)
    _copy_keys(settings, home, with_keys=with_keys)
    for place, name in enumerate(FOLDERS):
        progress("files", place, len(FOLDERS))
        _copy_folder(settings.home / name, home / name)
    progress("files", len(FOLDERS), len(FOLDERS))
    if settings.sandbox_file.exists():
        copy_sqlite(
            settings.sandbox_file,
            home / settings.sandbox_file.name,
            tell=lambda done, total: progress("sandbox ledger", done, total),
        )
    manifest = Manifest(
        made_at=SystemClock().now(),
        dialect="sqlite" if is_sqlite(settings.database) else "postgresql",
        schema_revision=revision,
        rows_by_table=rows,
        has_keys=with_keys,
        files=files_in(folder),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2))
    return manifest


def _copy_database(
    settings: Settings, folder: Path, *, progress: Tell
) -> tuple[Mapping[str, int], str]:
    """Copy the database; gives the rows of each table, and the schema."""

    def tell(done: int, total: int) -> None:
        progress("database", done, total)

    url = settings.database
    if is_sqlite(url):
        source = Path(url.removeprefix("sqlite:///"))
        if not source.exists():
            raise BackupRefusedError(f"{source} does not exist; look at --home")
        copy_sqlite(source, folder / DATABASE_FILE, tell=tell)
        # What is told of it is read from the copy, which stands still.
        url = f"sqlite:///{folder / DATABASE_FILE}"
    engine = open_for_reading(url)
    try:
        with engine.begin() as connection:
            revision = schema_of(connection)
            if revision is None:
                raise BackupRefusedError("the database is empty; there is nothing to back up")
            if is_sqlite(url):
                return {
                    name: int(
                        connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608 - our own tables
                    )
                    for name in sorted(metadata.tables)
                }, revision
            return copy_out(connection, folder, tell=tell), revision
    finally:
        engine.dispose()


def _copy_keys(settings: Settings, home: Path, *, with_keys: bool) -> None:
    """Copy the secrets, or the one key that everybody may have: the trail is proved with it."""
    target = home / settings.secrets_folder.name
    target.mkdir(mode=0o700)
    names = None if with_keys else {PUBLIC_FILE}
    for path in sorted(settings.secrets_folder.glob("*")):
        if path.is_file() and (names is None or path.name in names):
            shutil.copy2(path, target / path.name)


def _copy_folder(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.part", "lock", "tmp*"))
