"""Copies an SQLite database as it is at one moment, while others write to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGES_A_STEP = 2_000


def copy_sqlite(source: Path, target: Path, *, tell: Callable[[int, int], None]) -> None:
    """Write a whole copy to a new file; `tell` hears pages done and pages in all.

    The read transaction keeps the moment: without it the copy would begin anew with every commit.
    """
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.isolation_level = None
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(
            writing,
            pages=PAGES_A_STEP,
            progress=lambda _status, left, total: tell(total - left, total),
        )
