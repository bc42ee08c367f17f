"""Do a sync alone, and note how it ended: of every sync, whoever began it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from data.schemas.vocabulary import FailureKind
from service.clock import SystemClock
from service.commands.opened import opened
from service.commands.plain_errors import MENDABLE
from service.connectors.sync_lock import SyncLock
from service.domain.errors import CountersignError
from service.domain.sync import SyncTrouble
from service.ports.outside_errors import OutsideTransientError
from service.settings import Settings
from service.usecases.syncing.note_sync import (
    note_sync_begun,
    note_sync_done,
    note_sync_failed,
    note_sync_stopped,
)
from service.wiring.sync_plan import sync_plan_of

Counts = dict[str, object]


def recorded(settings: Settings, source: str, sync: Callable[[], Counts]) -> Counts:
    """Give what a sync counts; how it ended is noted first.

    Raises SyncRunsError while another sync of the source runs, or what the sync raises.
    """
    plan, clock = sync_plan_of(settings), SystemClock()
    with SyncLock(settings.home).held(source):
        with opened(settings) as open_work, open_work() as uow:
            note_sync_begun(source, uow=uow, now=clock.now())
        try:
            counts = sync()
        except KeyboardInterrupt:
            with opened(settings) as open_work, open_work() as uow:
                note_sync_stopped(source, uow=uow, now=clock.now())
            raise
        except Exception as error:
            with opened(settings) as open_work, open_work() as uow:
                note_sync_failed(
                    source,
                    trouble_of(error, source=source),
                    plan=plan,
                    draw=random.SystemRandom().random(),
                    uow=uow,
                    now=clock.now(),
                )
            raise
        with opened(settings) as open_work, open_work() as uow:
            note_sync_done(source, _whole(counts), plan=plan, uow=uow, now=clock.now())
    return counts


def trouble_of(error: Exception, *, source: str) -> SyncTrouble:
    """Tell what an error means for the next sync, and what a person can do about it."""
    if isinstance(error, OutsideTransientError):
        return SyncTrouble(
            kind=FailureKind.TRANSIENT,
            told=str(error),
            remedy=f"It is tried again by itself. Look whether {source} runs, and whether it can "
            "be reached from here.",
            retry_after_seconds=error.retry_after_seconds,
        )
    if isinstance(error, MENDABLE):
        advice = error.remedy if isinstance(error, CountersignError) else "Mend what is named."
        return SyncTrouble(
            kind=FailureKind.PERMANENT,
            told=str(error),
            remedy=f"{advice} Then choose Sync now, or run: countersign sync {source}",
        )
    # What an unforeseen error says may hold rows, or a key.
    return SyncTrouble(
        kind=FailureKind.UNEXPECTED,
        told=f"An error that nobody foresaw ended it: {type(error).__name__}.",
        remedy="Its traceback stands where the sync ran, for the worker in logs/worker.log; "
        "report it.",
    )


def _whole(counts: Mapping[str, object]) -> dict[str, int]:
    return {name: value for name, value in counts.items() if type(value) is int}
