"""The records by which a running service learns of a new champion, and of a challenger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field

from data.schemas.values import Name, Record, Sha256, UtcTime

RECORD = "champion.json"
CHALLENGER_RECORD = "challenger.json"


class Release(Record):
    """Which bundle is meant, how to know its files, and by whose leave it was promoted."""

    bundle: Name
    sha256: dict[str, Sha256]
    version: Annotated[int, Field(ge=1)]
    promoted_at: UtcTime
    gate: Name


def read_release(bundles: Path, *, record: str = RECORD) -> Release | None:
    """Give the release in force, or None before the first."""
    path = bundles / record
    return Release.model_validate_json(path.read_bytes()) if path.is_file() else None


def write_release(release: Release, *, bundles: Path, record: str = RECORD) -> None:
    """Put a release in force by one atomic rename: a reader sees the old or the new, never half."""
    staged = bundles / f".{record}.part"
    with staged.open("w", encoding="utf-8") as file:
        file.write(release.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    staged.replace(bundles / record)


def remove_challenger(bundles: Path) -> None:
    """Let nobody answer in the shadow any more."""
    (bundles / CHALLENGER_RECORD).unlink(missing_ok=True)
