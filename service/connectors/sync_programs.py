"""Syncs in child processes: posting waits for none of them, and shares its memory with none."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from data.schemas.vocabulary import FailureKind, SyncOutcome
from service.connectors.processes import end
from service.connectors.sync_lock import SyncLock
from service.domain.sync import SyncTrouble

DONE, NOTED, ANOTHER_RUNS = 0, 3, 75
"""How a child ends that has said itself what became of its sync, or found another at work."""
STOP_SECONDS = 5.0


class ChildSyncs:
    """Runs `python -m service.commands.syncing.child SOURCE SECONDS`, one for each source."""

    def __init__(
        self,
        home: Path,
        *,
        environment: Mapping[str, str],
        limit: timedelta,
        program: Sequence[str] = ("-m", "service.commands.syncing.child"),
    ) -> None:
        """Take what a child is run with; after `limit` it ends itself, whatever it is at."""
        self._lock, self._environment = SyncLock(home), environment
        self._limit, self._program = limit, tuple(program)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, source: str) -> None:
        """Begin to read a source; what it says goes where the worker's words go."""
        seconds = str(max(1, int(self._limit.total_seconds())))
        self._running[source] = subprocess.Popen(  # noqa: S603 - our own module, arguments as a list
            [sys.executable, *self._program, source, seconds],
            stdin=subprocess.DEVNULL,
            env=self._environment,
        )

    def under_way(self) -> Collection[str]:
        """Give the sources that were begun here and are not told of as ended."""
        return tuple(self._running)

    def ended(self) -> Mapping[str, SyncTrouble | None]:
        """Give the sources whose syncs ended since the last look, each told of once."""
        codes = {source: process.poll() for source, process in self._running.items()}
        over = {source: code for source, code in codes.items() if code is not None}
        for source in over:
            del self._running[source]
        return {source: self._trouble_of(code) for source, code in over.items()}

    def alone(self, source: str) -> AbstractContextManager[None]:
        """Keep syncs of a source away. Raises SyncRunsError while one runs."""
        return self._lock.held(source)

    def stop(self) -> Collection[str]:
        """End every sync begun here; gives their sources."""
        ended = tuple(self._running)
        end(self._running.values(), patience_seconds=STOP_SECONDS)
        self._running.clear()
        return ended

    def _trouble_of(self, code: int) -> SyncTrouble | None:
        if code in {DONE, NOTED, ANOTHER_RUNS}:
            return None
        if code == -signal.SIGALRM:
            return broken_off(
                f"The sync took longer than {self._limit} and was ended.",
                remedy="Look whether the system answers slowly; give a sync more time by "
                "COUNTERSIGN_SYNC_LIMIT.",
            )
        how = f"by signal {-code}" if code < 0 else f"with {code}"
        return broken_off(f"The process of the sync was ended {how} before it was done.")


def broken_off(
    told: str,
    *,
    remedy: str = "Nothing is lost: it is read again from where the last sync ended. Look at "
    "logs/worker.log, and whether the machine has memory left.",
) -> SyncTrouble:
    """Give the trouble of a sync whose process ended before it did."""
    return SyncTrouble(
        kind=FailureKind.UNEXPECTED, told=told, remedy=remedy, outcome=SyncOutcome.BROKEN_OFF
    )
