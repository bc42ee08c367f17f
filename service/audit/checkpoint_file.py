"""Keeps signed checkpoints in plain files outside the database, to be copied where nobody edits."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ALL_FILE, LATEST_FILE = "checkpoints.txt", "checkpoint.latest"
END_OF_RECORD = b"---\n"
"""A record counts once this line stands after it; a note never holds it as a line of its own."""
_TAIL_BYTES = 1 << 17
"""More than the longest note, so the end of the last whole record lies within it."""


def keep_checkpoint(note: str, *, directory: Path) -> None:
    """Append a signed checkpoint to `checkpoints.txt`, then make it `checkpoint.latest`.

    Both are on disk when this returns. A record cut by a crash was never kept: it is removed.
    Processes that keep one at the same time wait for each other.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _held(directory) as descriptor:
        _append(directory / ALL_FILE, record=note.encode() + END_OF_RECORD)
        _replace(directory / LATEST_FILE, content=note.encode())
        os.fsync(descriptor)


def kept_checkpoints(directory: Path) -> Iterator[str]:
    """All kept checkpoints in order, unverified; `checkpoint.latest` too where it differs.

    Damaged bytes come as U+FFFD, so that the record fails its signature instead of vanishing.
    """
    note = None
    for note in _records(directory / ALL_FILE):
        yield note
    latest = latest_checkpoint(directory)
    if latest is not None and latest != note:
        yield latest


def latest_checkpoint(directory: Path) -> str | None:
    """The newest kept checkpoint, unverified, or None before the first."""
    path = directory / LATEST_FILE
    return path.read_bytes().decode(errors="replace") if path.exists() else None


def _records(path: Path) -> Iterator[str]:
    if not path.exists():
        return
    lines: list[bytes] = []
    with path.open("rb") as file:
        for line in file:
            if line == END_OF_RECORD:
                yield b"".join(lines).decode(errors="replace")
                lines.clear()
            else:
                lines.append(line)


def _append(path: Path, *, record: bytes) -> None:
    with path.open("ab") as file:
        end = _end_of_last_record(path)
        # Only a torn record needs it; a storage that allows appends alone may refuse it.
        if end < path.stat().st_size:
            file.truncate(end)
        file.write(record)
        file.flush()
        os.fsync(file.fileno())


def _end_of_last_record(path: Path) -> int:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    found = tail.rfind(b"\n" + END_OF_RECORD)
    return start + found + 1 + len(END_OF_RECORD) if found >= 0 else start


def _replace(path: Path, *, content: bytes) -> None:
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


@contextmanager
def _held(directory: Path) -> Iterator[int]:
    """Hold the folder for oneself; half of another's record would look like one a crash cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
