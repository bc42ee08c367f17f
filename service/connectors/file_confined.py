"""Reads a file in a confined process of its own, and says why where that process fails."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.schemas.batch import Rejection
from service.connectors.file_child import OUT_OF_MEMORY, request_of
from service.connectors.file_layout import Layout
from service.connectors.file_limits import MEBIBYTE, ReadingLimits
from service.connectors.file_rows import FileNote, FileRow, GivenBack, ReadRow, UnreadableFileError

CHUNK_BYTES = 1 << 16
ROOT = Path(__file__).resolve().parents[2]
PLAIN_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONIOENCODING": "utf-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Each thread of these libraries reserves memory that the limit counts.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
}
"""Nothing of ours: no key, no address, no setting reaches the process that opens foreign files."""


def confined_rows(
    path: Path, *, layout: Layout, wanted: frozenset[str], limits: ReadingLimits
) -> Iterator[ReadRow]:
    """Give the rows of a file as another process reads them; memory stays bounded in both.

    Raises UnreadableFileError, also where a limit was reached: it names the limit and the remedy.
    """
    request = request_of(path.absolute(), layout=layout, wanted=wanted, limits=limits)
    with subprocess.Popen(
        [sys.executable, "-m", "service.connectors.file_child"],
        env=PLAIN_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            yield from _rows_of(child, request=request, path=path, limits=limits)
        finally:
            # Whoever stops reading half-way leaves nothing running.
            child.kill()


def _rows_of(
    child: subprocess.Popen[bytes], *, request: bytes, path: Path, limits: ReadingLimits
) -> Iterator[ReadRow]:
    _send(child, request)
    columns: list[str] = []
    for line in _lines(child, path=path, limits=limits):
        told = json.loads(line)
        match told:
            case [number, *cells]:
                yield FileRow(number=number, cells=dict(zip(columns, cells, strict=True)))
            case {"columns": names}:
                columns = names
            case {"end": True}:
                return
            case {"unreadable": reason, "path": place}:
                raise UnreadableFileError(Path(place), _worded(reason, limits=limits))
            case _:
                yield _told(told)
    raise UnreadableFileError(path, _why_it_died(child.wait(), limits=limits))


def _send(child: subprocess.Popen[bytes], request: bytes) -> None:
    if child.stdin is not None:
        # A child that died before it read anything is told about by its exit code.
        try:
            child.stdin.write(request)
            child.stdin.close()
        except BrokenPipeError:
            return


def _lines(child: subprocess.Popen[bytes], *, path: Path, limits: ReadingLimits) -> Iterator[bytes]:
    """Give whole lines; only the time spent waiting for them counts against the limit."""
    if child.stdout is None:
        return
    handle, rest, patience = child.stdout.fileno(), b"", limits.wait_seconds
    while True:
        started = time.monotonic()
        ready, _, _ = select.select([handle], [], [], max(0.0, patience))
        patience -= time.monotonic() - started
        if not ready:
            raise UnreadableFileError(
                path,
                f"took longer to read than the {limits.wait_seconds:.0f} seconds allowed; split "
                "it, or raise COUNTERSIGN_IMPORT_WAIT_SECONDS",
            )
        chunk = os.read(handle, CHUNK_BYTES)
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole


def _told(told: dict[str, Any]) -> ReadRow:
    if "note" in told:
        return FileNote(text=told["note"])
    rejection = Rejection.model_validate_json(json.dumps(told["rejection"]))
    return GivenBack(rejection=rejection, cells=told["cells"])


def _worded(reason: str, *, limits: ReadingLimits) -> str:
    return _out_of_memory(limits) if reason == OUT_OF_MEMORY else reason


def _why_it_died(code: int, *, limits: ReadingLimits) -> str:
    if code == -signal.SIGXCPU:
        return (
            f"used more than the {limits.cpu_seconds} seconds of processor time allowed; split it, "
            "or raise COUNTERSIGN_IMPORT_CPU_SECONDS"
        )
    if code in {-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT, 1}:
        # Libraries in C end the process where they get no memory, each in its own way.
        return _out_of_memory(limits)
    return f"stopped the process that read it (exit code {code}); save it anew and try again"


def _out_of_memory(limits: ReadingLimits) -> str:
    allowed = limits.memory_bytes // MEBIBYTE
    return (
        f"needs more than the {allowed} MiB of memory allowed, or breaks its reader; split it or "
        "save it as CSV, or raise COUNTERSIGN_IMPORT_MEMORY_BYTES"
    )
