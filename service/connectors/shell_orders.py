"""Orders carried out at the shell: one at a time, and told from those whose shell has died."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ShellOrders:
    """A file lock that a command holds for as long as it carries an order out.

    The system frees it when its holder dies, whatever it dies of.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "locks" / "shell-orders.lock"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait until no other command carries an order out, and hold the lock."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def is_free(self) -> bool:
        """Say whether no command carries an order out now."""
        if not self._path.exists():
            return True
        with self._path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True
