"""Which code trained a model: the package's version, and a hash of what learns and what scores."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

SOURCES = ("data/schemas", "models", "training")
"""Whoever changes a line of these may get another model from the same rows."""
ROOT = Path(__file__).resolve().parent.parent
DIGITS = 12


def code_version(root: Path = ROOT) -> str:
    """Name the code: `0.1.0+` and the first twelve digits of the hash of its sources."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{_package_version()}+{digest.hexdigest()[:DIGITS]}"


def _package_version() -> str:
    try:
        return metadata.version("countersign")
    except metadata.PackageNotFoundError:
        return "0"
