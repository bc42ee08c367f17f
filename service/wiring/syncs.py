"""Puts together what reads sources by themselves."""

from __future__ import annotations

import random
from collections.abc import Callable

from service.audit.canonical import canonical
from service.clock import SystemClock
from service.connectors.sync_programs import ChildSyncs
from service.settings import Settings, environment
from service.store.database import open_for_reading, open_for_writing
from service.store.unit_of_work import WorkOpener
from service.wiring.sync_plan import sync_plan_of
from service.workflows.sync_schedule import SyncDesk, SyncSchedule


def build_sync_schedule(settings: Settings, *, is_leader: Callable[[], bool]) -> SyncSchedule:
    """Give what has due sources read, each in a process with our settings in its environment."""
    return SyncSchedule(
        SyncDesk(
            plan=sync_plan_of(settings),
            programs=ChildSyncs(
                settings.home, environment=environment(settings), limit=settings.sync_limit
            ),
            open_work=WorkOpener(open_for_writing(settings.database), canonical=canonical),
            read=WorkOpener(open_for_reading(settings.database), canonical=canonical),
            draw=random.SystemRandom().random,
            now=SystemClock().now,
            is_leader=is_leader,
        )
    )
