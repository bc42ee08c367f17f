"""One sync at a time per source, over all threads and processes of a machine."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.domain.errors import SyncRunsError


class SyncLock:
    """A file lock per source, beside those of postings; the system frees it with its holder."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "locks"

    @contextmanager
    def held(self, source: str) -> Iterator[None]:
        """Hold the lock of a source. Raises SyncRunsError at once where another has it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"sync-{re.sub(r'[^A-Za-z0-9._-]', '_', source)}.lock"
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SyncRunsError(source) from error
            yield
