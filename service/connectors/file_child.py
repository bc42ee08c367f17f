"""The process that reads one file for another: it may fail, run out of memory or be killed.

`python -m service.connectors.file_child` reads one request from its input and writes rows, one
JSON value a line. Parsers of foreign files run only here, under limits of the operating system.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from service.connectors.file_layout import Layout
from service.connectors.file_limits import ReadingLimits
from service.connectors.file_reader import read_rows
from service.connectors.file_rows import FileNote, FileRow, GivenBack, ReadRow, UnreadableFileError

OPEN_FILES = 64
CPU_GRACE_SECONDS = 5
OUT_OF_MEMORY = "(memory)"
"""In the place of a reason: the parent knows the limit, and words it."""


def request_of(
    path: Path, *, layout: Layout, wanted: frozenset[str], limits: ReadingLimits
) -> bytes:
    """Give what the process is to be told, as `main` reads it."""
    request = {
        "path": str(path),
        "layout": layout.model_dump_json(include=set(Layout.model_fields)),
        "wanted": sorted(wanted),
        "limits": asdict(limits),
    }
    return json.dumps(request).encode()


def main() -> None:
    """Read the request, set the limits, write the rows; the last line says how it ended."""
    request = json.load(sys.stdin)
    limits = ReadingLimits(**request["limits"])
    _confine(limits)
    try:
        for line in _lines(request, limits=limits):
            sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
        ending: dict[str, Any] = {"end": True}
    except UnreadableFileError as error:
        ending = {"unreadable": error.reason, "path": str(error.path)}
    except MemoryError:
        ending = {"unreadable": OUT_OF_MEMORY, "path": request["path"]}
    sys.stdout.write(json.dumps(ending) + "\n")
    sys.stdout.flush()


def _lines(request: dict[str, Any], *, limits: ReadingLimits) -> Iterator[Any]:
    layout = Layout.model_validate_json(request["layout"])
    columns: tuple[str, ...] = ()
    rows = read_rows(
        Path(request["path"]), layout=layout, wanted=frozenset(request["wanted"]), limits=limits
    )
    for row in rows:
        # The names of columns are told once, and again only where they change.
        if isinstance(row, FileRow) and (names := tuple(row.cells)) != columns:
            columns = names
            yield {"columns": columns}
        yield _line(row)


def _line(row: ReadRow) -> Any:  # noqa: ANN401 - any JSON
    match row:
        case FileRow():
            return [row.number, *row.cells.values()]
        case GivenBack():
            return {"rejection": row.rejection.model_dump(mode="json"), "cells": dict(row.cells)}
        case FileNote():
            return {"note": row.text}


def _confine(limits: ReadingLimits) -> None:
    cpu = limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + CPU_GRACE_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
