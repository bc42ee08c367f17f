"""Several workers over one PostgreSQL database: who lives, who leads, and whose work is taken up.

Each worker holds an advisory lock in a session of its own for as long as it lives. Work that a
worker began belongs to it until it ends; where nobody holds the lock of its owner any more, and
the owner does not come back, another worker lets that work begin again. Steps that were done are
not repeated, and the one that was cut off carries the same token to the ledger.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from zlib import crc32

from dbos import DBOS
from dbos import error as dbos_error
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

ALIVE_CLASS, LEADER_CLASS = 20_260_303, 20_260_304
"""First halves of our advisory locks: one for each worker, one for whoever leads."""
LOOK_SECONDS = 1.0
DEAD_AFTER_SECONDS = 10.0
"""A worker that lost its session to a restart of the database is back long before."""
START_SECONDS = 30.0
CONNECT_SECONDS = 5

_log = logging.getLogger(__name__)


class ExecutorRunsError(RuntimeError):
    """Another process works under the same name; two would take each other's work for theirs."""


class Executor(Protocol):
    """One worker among those of a database."""

    @property
    def name(self) -> str:
        """What the others know it by."""
        ...

    def enter(self) -> None:
        """Say that this worker lives."""
        ...

    def start(self) -> None:
        """Begin to look after the others."""
        ...

    def stop(self) -> None:
        """Let go of everything."""
        ...

    def is_leader(self) -> bool:
        """Say whether the work that only one worker does is this worker's."""
        ...


class Unfinished(Protocol):
    """Work that was begun, by the worker that began it."""

    def by_owner(self) -> Mapping[str, Sequence[str]]:
        """Give the ids of begun workflows by the name of their worker."""
        ...

    def begin_again(self, workflow_ids: Sequence[str]) -> None:
        """Let any worker take these up; steps that were done stay done."""
        ...


class DbosUnfinished:
    """The same, as the engine knows it."""

    def by_owner(self) -> Mapping[str, Sequence[str]]:
        """Give the ids of begun workflows by the name of their worker."""
        found: dict[str, list[str]] = {}
        for one in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            if one.executor_id is not None:
                found.setdefault(one.executor_id, []).append(one.workflow_id)
        return found

    def begin_again(self, workflow_ids: Sequence[str]) -> None:
        """Put each back into its queue."""
        by_queue: dict[str | None, list[str]] = {}
        for one in DBOS.list_workflows(
            workflow_ids=list(workflow_ids), status="PENDING", load_input=False, load_output=False
        ):
            by_queue.setdefault(one.queue_name, []).append(one.workflow_id)
        for queue, ids in by_queue.items():
            DBOS.resume_workflows(ids, queue_name=queue)


@dataclass(frozen=True, slots=True)
class LoneExecutor:
    """The worker of an SQLite file: there is no other to lead or to look after."""

    name: str

    def enter(self) -> None:
        """Nothing holds it up."""

    def start(self) -> None:
        """Nobody is looked after."""

    def stop(self) -> None:
        """Nothing is held."""

    def is_leader(self) -> bool:
        """Always."""
        return True


class _Session:
    """A session of PostgreSQL and the advisory locks it holds; both end together."""

    def __init__(self, database_url: str, *, name: str) -> None:
        self._engine = create_engine(
            database_url,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": name},
        )
        self._connection = self._engine.connect()

    def prove(self) -> None:
        """Raise DBAPIError where the session is over."""
        self._connection.execute(text("SELECT 1"))

    def take(self, kind: int, number: int) -> bool:
        """Take a lock, unless somebody else has it."""
        query = text("SELECT pg_try_advisory_lock(:kind, :number)")
        return bool(self._connection.execute(query, {"kind": kind, "number": number}).scalar())

    def give_back(self, kind: int, number: int) -> None:
        """Give a lock back."""
        query = text("SELECT pg_advisory_unlock(:kind, :number)")
        self._connection.execute(query, {"kind": kind, "number": number})

    def give_all_back(self) -> None:
        """Give every lock back now: a closed session keeps its locks until the server sees it."""
        with contextlib.suppress(SQLAlchemyError):
            self._connection.execute(text("SELECT pg_advisory_unlock_all()"))

    def close(self) -> None:
        """End the session, whatever state it is in."""
        self._connection.invalidate()
        self._connection.close()
        self._engine.dispose()


@dataclass(slots=True, kw_only=True)
class SharedExecutor:
    """One worker among those of a PostgreSQL database."""

    database_url: str
    name: str
    unfinished: Unfinished
    seconds: Callable[[], float] = time.monotonic
    _silent_since: dict[str, float] = field(default_factory=dict)
    _is_leader: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _session: _Session | None = None

    def enter(self) -> None:
        """Say that this worker lives. Raises ExecutorRunsError while another of its name does."""
        deadline = self.seconds() + START_SECONDS
        while self._held() is None:
            if self.seconds() > deadline:
                raise ExecutorRunsError(
                    f"a process named {self.name} works on this database already; stop it first"
                )
            self._stop.wait(LOOK_SECONDS)

    def start(self) -> None:
        """Begin to look after the others; the first look is over when this returns."""
        self.look()
        self._thread = threading.Thread(target=self._run, name="executors", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of everything: others may lead."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if self._session is not None:
            self._session.give_all_back()
        self._let_go()

    def is_leader(self) -> bool:
        """Say whether the work that only one worker does is this worker's."""
        return self._is_leader

    def look(self) -> None:
        """Renew what this worker holds, and take up what the dead left behind."""
        session = self._held()
        if session is None:
            return
        self._is_leader = self._is_leader or session.take(LEADER_CLASS, 0)
        owned = self.unfinished.by_owner()
        for gone in set(self._silent_since) - set(owned):
            del self._silent_since[gone]
        for owner, ids in owned.items():
            if owner != self.name:
                self._look_at(owner, ids, session=session)

    def _look_at(self, owner: str, ids: Sequence[str], *, session: _Session) -> None:
        if not session.take(ALIVE_CLASS, _number(owner)):
            self._silent_since.pop(owner, None)
            return
        try:
            since = self._silent_since.setdefault(owner, self.seconds())
            if self.seconds() - since >= DEAD_AFTER_SECONDS:
                _log.warning("%s is gone; %d workflows of it begin again", owner, len(ids))
                self.unfinished.begin_again(ids)
                del self._silent_since[owner]
        finally:
            session.give_back(ALIVE_CLASS, _number(owner))

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except (SQLAlchemyError, dbos_error.DBOSException, OSError) as error:
                _log.warning("The database cannot be asked who lives: %s", error)
                self._let_go()

    def _held(self) -> _Session | None:
        """Give a session with the lock of this worker; a lost one is replaced."""
        if self._session is not None:
            self._session.prove()
            return self._session
        session = _Session(self.database_url, name=self.name)
        if not session.take(ALIVE_CLASS, _number(self.name)):
            session.close()
            return None
        self._session = session
        return session

    def _let_go(self) -> None:
        self._is_leader = False
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _number(name: str) -> int:
    """A 32-bit number of a name; workers that shared one would be looked after less eagerly."""
    return crc32(name.encode()) - 2**31
