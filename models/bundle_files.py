"""Bundles on disk: the one place of this package that touches files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from models.bundle import Bundle, BundleError, audit, build, read_manifest, self_test
from models.bundle_document import FILES, KNOWN_FILES

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Two hundred trees are about half a megabyte; more than this is not a bundle."""


def load_bundle(folder: Path, *, expected_id: str) -> Bundle:
    """Read, audit, build and test a bundle.

    Raises BundleError. Damaged trees may abort the process: see `models.check_bundle`.
    """
    bundle = build(audit(read_files(folder, expected_id=expected_id), expected_id=expected_id))
    self_test(bundle)
    return bundle


def read_files(folder: Path, *, expected_id: str) -> dict[str, bytes]:
    """Read the files of a bundle; those of other names in the folder are left alone.

    Raises BundleError if one that every bundle holds is missing, or one is far too large.
    """
    files: dict[str, bytes] = {}
    for name in KNOWN_FILES:
        path = folder / name
        if not path.is_file():
            if name in FILES:
                raise BundleError(bundle=expected_id, problem=f"the file {name} is missing")
            continue
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BundleError(bundle=expected_id, problem=f"the file {name} is far too large")
        files[name] = path.read_bytes()
    return files


def save_bundle(files: Mapping[str, bytes], *, bundles: Path) -> Path:
    """Write a packed bundle into a folder named by its id, and give the folder.

    The folder appears at once and whole; one that already stands is kept, for an id is content.
    """
    manifest = read_manifest(files)
    folder = bundles / manifest.id
    if folder.exists():
        return folder
    staged = bundles / f".{manifest.id}.part"
    staged.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (staged / name).write_bytes(content)
    return staged.rename(folder)
