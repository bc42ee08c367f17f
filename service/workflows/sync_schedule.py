"""Has sources read when they are due, while this worker leads; notes what ended without a word."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import FailureKind, SyncOutcome
from service.domain.errors import SyncRunsError
from service.domain.sync import Sync, SyncTrouble
from service.domain.sync_plan import SyncPlan, due_sources
from service.ports.stores import UnitOfWork
from service.ports.sync_programs import SyncPrograms
from service.usecases.syncing.note_sync import note_sync_failed, note_sync_stopped

LOOK_SECONDS = 2.0
MOST_AT_ONCE = 4
"""Syncs at the same time: each is a process that holds the terms and the history in memory."""
LEFT_BEHIND = SyncTrouble(
    kind=FailureKind.UNEXPECTED,
    told="The process of the sync is gone, and it was not done.",
    remedy="Nothing is lost: it is read again from where the last sync ended.",
    outcome=SyncOutcome.BROKEN_OFF,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncDesk:
    """What the schedule works with."""

    plan: SyncPlan
    programs: SyncPrograms
    open_work: Callable[[], AbstractContextManager[UnitOfWork]]
    read: Callable[[], AbstractContextManager[UnitOfWork]]
    draw: Callable[[], float]
    now: Callable[[], datetime]
    is_leader: Callable[[], bool]


class SyncSchedule:
    """Looks every two seconds; one that finds nothing to do takes no write lock."""

    def __init__(self, desk: SyncDesk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="syncs", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more, and end what is under way: it is done again from the last cursor."""
        self._stop.set()
        self._thread.join()
        desk = self._desk
        for source in desk.programs.stop():
            with desk.open_work() as uow:
                note_sync_stopped(source, uow=uow, now=desk.now())

    def look(self) -> list[str]:
        """Note what ended, and begin what is due; gives the sources that were begun."""
        desk = self._desk
        for source, trouble in desk.programs.ended().items():
            if trouble is not None:
                self._note(source, trouble)
        if not desk.is_leader():
            return []
        with desk.read() as uow:
            syncs = {one.source: one for one in uow.syncs.all()}
        self._note_left_behind(syncs.values())
        under_way = desk.programs.under_way()
        due = [one for one in due_sources(desk.plan, syncs, now=desk.now()) if one not in under_way]
        begun = due[: max(0, MOST_AT_ONCE - len(under_way))]
        for source in begun:
            desk.programs.start(source)
        return begun

    def _note_left_behind(self, syncs: Iterable[Sync]) -> None:
        """A sync that runs by its row and that nobody holds has died with whoever began it."""
        desk = self._desk
        for one in syncs:
            if not one.is_running or one.source in desk.programs.under_way():
                continue
            try:
                with desk.programs.alone(one.source):
                    with desk.read() as uow:
                        now_known = uow.syncs.get(one.source)
                    if now_known is not None and now_known.is_running:
                        self._note(one.source, LEFT_BEHIND)
            except SyncRunsError:
                continue

    def _note(self, source: str, trouble: SyncTrouble) -> None:
        _log.warning("The sync of %s: %s", source, trouble.told)
        desk = self._desk
        with desk.open_work() as uow:
            note_sync_failed(
                source, trouble, plan=desk.plan, draw=desk.draw(), uow=uow, now=desk.now()
            )

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the database may come back; nothing was lost
                _log.exception("Syncs could not be looked for; it is tried again")
