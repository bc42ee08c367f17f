"""One writer at a time per series of a ledger, over all threads and processes of a machine."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PostingLock:
    """A file lock per name, in one folder; the system frees it when its holder dies."""

    def __init__(self, folder: Path) -> None:
        """Use `folder` for the lock files, and make it where it is new."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Wait for the lock of this name and hold it."""
        path = self._folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', name)}.lock"
        # Each holder opens the file anew: a lock belongs to the opening, so it also holds between
        # threads of one process.
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
