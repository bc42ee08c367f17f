"""Processes that were begun here, brought to their end."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable


def end(processes: Iterable[subprocess.Popen[bytes]], *, patience_seconds: float) -> None:
    """Ask each to end, in this order; end by force what has not after its patience."""
    asked = list(processes)
    for process in asked:
        process.terminate()
    for process in asked:
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
