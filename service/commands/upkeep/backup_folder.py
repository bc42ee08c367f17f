"""What a backup is: a folder, or the same packed into one file, with a manifest of hashes."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from data.schemas.values import Record, UtcTime

FORMAT = 1
MANIFEST, DATABASE, HOME = "manifest.json", "database", "home"
PACKED = (".tar.gz", ".tgz")


class DamagedBackupError(RuntimeError):
    """The backup is not what was written, or none at all."""


class KeptFile(Record):
    """One file of a backup."""

    sha256: str
    size_bytes: int


class Manifest(Record):
    """What a backup holds."""

    format: int = FORMAT
    made_at: UtcTime
    dialect: str
    schema_revision: str
    rows_by_table: Mapping[str, int]
    has_keys: bool
    files: Mapping[str, KeptFile]

    @property
    def rows(self) -> int:
        """How many rows the database had."""
        return sum(self.rows_by_table.values())

    @property
    def size_bytes(self) -> int:
        """What the files come to, unpacked."""
        return sum(one.size_bytes for one in self.files.values())


def is_packed(path: Path) -> bool:
    """Say whether a path names one file instead of a folder."""
    return path.name.endswith(PACKED)


def files_in(folder: Path) -> Mapping[str, KeptFile]:
    """Give every file of a backup by its path, with its hash; the manifest itself is none."""
    found = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[name] = KeptFile(sha256=digest, size_bytes=path.stat().st_size)
    return found


def pack(folder: Path, target: Path) -> None:
    """Write the folder into one file, which has its name only once it is whole."""
    part = target.with_name(f"{target.name}.part")
    with tarfile.open(part, "w:gz", compresslevel=3) as packed:
        packed.add(folder, arcname=".")
    part.replace(target)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """Give the folder of a backup. Raises DamagedBackupError."""
    if source.is_dir():
        yield source
        return
    with TemporaryDirectory(dir=source.absolute().parent) as folder:
        try:
            with tarfile.open(source) as packed:
                packed.extractall(folder, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
            raise DamagedBackupError(f"{source} cannot be unpacked: {error}") from error
        yield Path(folder)


def checked_manifest(folder: Path) -> Manifest:
    """Read the manifest and hold every file against it. Raises DamagedBackupError."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise DamagedBackupError(f"{folder} holds no manifest of a backup: {error}") from error
    if manifest.format != FORMAT:
        raise DamagedBackupError(f"the backup has format {manifest.format}; this reads {FORMAT}")
    found = files_in(folder)
    for name in sorted(set(found) ^ set(manifest.files)):
        state = "is missing" if name in manifest.files else "was put in later"
        raise DamagedBackupError(f"{name} {state}; take another backup")
    for name, kept in manifest.files.items():
        if found[name] != kept:
            raise DamagedBackupError(f"{name} was changed after it was written")
    return manifest
