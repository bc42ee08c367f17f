"""CPU time and peak memory of processes, seen from outside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil

POLL_SECONDS = 0.25
MEGABYTE = 1e6

Naming = Callable[[list[str]], str]


class Meter:
    """Watches a process and its children: `with Meter(pid) as meter: ...`."""

    def __init__(self, pid: int, *, name_of: Naming = lambda _: "process") -> None:
        self._root = psutil.Process(pid)
        self._name_of = name_of
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._cpu_at_start = 0.0
        self.peak_mb: dict[str, float] = {}
        """By the name of the process, the most memory (RSS) it held."""
        self.cpu_seconds = 0.0
        """CPU time of the watched process itself, user and system."""

    def __enter__(self) -> Self:
        self._cpu_at_start = cpu_seconds(self._root)
        self.look()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        if self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE:
            self.cpu_seconds = cpu_seconds(self._root) - self._cpu_at_start

    def _watch(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self.look()

    def look(self) -> None:
        """Take one sample."""
        for process in self.family():
            try:
                with process.oneshot():
                    name = self._name_of(process.cmdline())
                    held_mb = process.memory_info().rss / MEGABYTE
            except psutil.Error:
                continue
            self.peak_mb[name] = max(self.peak_mb.get(name, 0.0), held_mb)

    def family(self) -> list[psutil.Process]:
        """Give the watched process and what it has started."""
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.Error:
            return []


class FamilyMeter(Meter):
    """Also adds up what all processes hold; too slow to run beside a server under load.

    The kernel walks every page of a process for it: 12 ms for 400 MB, four times a second.
    """

    peak_total_mb: float = 0.0
    """The most that all held at one moment; pages they share count once (PSS)."""

    def look(self) -> None:
        """Take one sample."""
        super().look()
        total_mb = 0.0
        for process in self.family():
            with suppress(psutil.Error):
                total_mb += process.memory_full_info().pss / MEGABYTE
        self.peak_total_mb = max(self.peak_total_mb, total_mb)


def cpu_seconds(process: psutil.Process) -> float:
    """Give the CPU time a process has used so far, user and system."""
    used = process.cpu_times()
    return float(used.user + used.system)
