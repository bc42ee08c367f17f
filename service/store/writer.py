"""The one thread that writes: concurrent requests share a commit, and answers come after it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from service.domain.errors import UnavailableError
from service.ports.stores import UnitOfWork
from service.store.database import is_in_transaction
from service.store.unit_of_work import WorkOpener

T = TypeVar("T")
LARGEST_GROUP = 128
"""Commits shared by more requests gain nothing and delay the first (engine study, section 2.1)."""
TICK_SECONDS = 0.1

_log = logging.getLogger(__name__)


class TransactionEndedError(Exception):
    """A piece of work left its connection without the transaction that its neighbours share."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[UnitOfWork], Any]
    result: Future[Any]


class Writer:
    """Runs pieces of work in order, several to a transaction, each in a savepoint of its own.

    A piece that raises is rolled back alone. A future is resolved only once its commit is
    durable. `on_tick(connection)` runs in a transaction of its own at most every 100 ms, and the
    callable it gives back runs after that commit (the audit sequencer lives there); while
    `is_tick_due()` is false it is spared, for an idle service shall not take the write lock.
    `on_lost` is called after a transaction that failed as a whole: whoever learned from it must
    forget.
    """

    def __init__(
        self,
        opener: WorkOpener,
        *,
        on_tick: Callable[[Connection], Callable[[], None]],
        is_tick_due: Callable[[], bool] = lambda: True,
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._opener = opener
        self._on_tick = on_tick
        self._is_tick_due = is_tick_due
        self._on_lost = on_lost
        self._lock = threading.Lock()
        self._is_stopped = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what was submitted, sequence the audit trail once more, and end."""
        with self._lock:
            self._is_stopped = True
            self._jobs.put(None)
        self._thread.join()

    def submit(self, work: Callable[[UnitOfWork], T]) -> Future[T]:
        """Take a piece of work; its future resolves once it is durable."""
        result: Future[T] = Future()
        with self._lock:
            if self._is_stopped:
                result.set_exception(UnavailableError("The service is stopping."))
            else:
                self._jobs.put(_Job(work, result))
        return result

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do a piece of work and wait until it is durable."""
        return self.submit(work).result()

    def is_alive(self) -> bool:
        """Say whether the thread still takes work."""
        return self._thread.is_alive()

    def _run(self) -> None:
        is_open = True
        next_tick = 0.0
        while is_open:
            group, is_open = self._next_group()
            if group:
                self._commit(group)
            if not is_open or time.monotonic() >= next_tick:
                self._tick(is_last=not is_open)
                next_tick = time.monotonic() + TICK_SECONDS

    def _next_group(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        try:
            job = self._jobs.get(timeout=TICK_SECONDS)
            while True:
                if job is None:
                    return group, False
                # Work whose submitter went away before its turn is left out.
                if job.result.set_running_or_notify_cancel():
                    group.append(job)
                if len(group) == LARGEST_GROUP:
                    break
                job = self._jobs.get_nowait()
        except queue.Empty:
            pass
        return group, True

    def _commit(self, group: list[_Job]) -> None:
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            with self._opener.engine.begin() as connection:
                outcomes = [self._attempt(job, connection) for job in group]
        except Exception as error:  # noqa: BLE001 - nothing of the group is durable: all must hear
            _log.exception("A transaction of %d requests failed", len(group))
            self._on_lost()
            outcomes = [(job, None, error) for job in group]
        for job, value, failure in outcomes:
            if failure is not None:
                job.result.set_exception(failure)
            else:
                job.result.set_result(value)

    def _attempt(self, job: _Job, connection: Connection) -> tuple[_Job, Any, BaseException | None]:
        try:
            with connection.begin_nested():
                value = job.work(self._opener.on(connection))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever submitted the work
            self._require_transaction(connection, error)
            return job, None, error
        return job, value, None

    def _require_transaction(self, connection: Connection, error: Exception) -> None:
        """What follows would commit by itself: SQLite ends a transaction on a full disk."""
        if not is_in_transaction(connection):
            raise TransactionEndedError(f"The transaction ended with: {error}") from error

    def _tick(self, *, is_last: bool) -> None:
        try:
            if not (is_last or self._is_tick_due()):
                return
            with self._opener.engine.begin() as connection:
                after = self._on_tick(connection)
            after()
        except Exception:  # noqa: BLE001 - the thread must go on; entries stay pending
            _log.exception("The audit trail could not be sequenced; it is tried again")
