"""The log as a plain file (JSON Lines) that an auditor verifies without the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from service.audit.errors import UnreadableExportError
from service.audit.merkle import leaf_hash

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_export(bodies: Iterable[tuple[int, str]], *, path: Path) -> int:
    """Write (index, body) as lines `{"idx":n,"body":"..."}`; returns how many.

    The file appears under its name only when complete.
    """
    unfinished, count = path.with_name(f"{path.name}.new"), 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        for index, body in bodies:
            file.write(_compact({"idx": index, "body": body}) + "\n")
            count += 1
    unfinished.replace(path)
    return count


def read_export(path: Path) -> Iterator[tuple[int, str, bytes]]:
    """Read an export as rows (index, body, leaf hash) for `verify_log`.

    An export holds no stored hashes, so each hash is computed here; its kept checkpoints alone
    vouch for it. Raises UnreadableExportError, naming the line.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                index, body = _entry(line)
                yield index, body, leaf_hash(body.encode())
            except (ValueError, RecursionError) as error:
                raise UnreadableExportError(path=path, line=number, reason=str(error)) from error


def _entry(line: bytes) -> tuple[int, str]:
    entry = json.loads(line)
    if not isinstance(entry, dict) or entry.keys() != {"idx", "body"}:
        raise ValueError("is not an object with idx and body")
    index, body = entry["idx"], entry["body"]
    if type(index) is not int or not isinstance(body, str):
        raise ValueError("idx is not an integer or body is not a string")
    return index, body
