"""What time does to failed postings: deadlines pass, and what was forgotten is taken up again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from service.ports.clock import Ids
from service.ports.engine import Engine
from service.ports.stores import UnitOfWork
from service.usecases.telling.tell import tell_exceptions_late

MOST_AT_ONCE = 200
FORGOTTEN_AFTER = timedelta(hours=1)
"""A bill that waits for nothing and did not leave in so long has lost its run."""


def tell_late_exceptions(*, uow: UnitOfWork, now: datetime) -> int:
    """Tell each owner once how many of their exceptions are past their time; gives how many."""
    late = uow.failures.late(now=now, limit=MOST_AT_ONCE)
    counted: Counter[str | None] = Counter()
    for failure in late:
        posting = uow.postings.get(failure.posting_id)
        counted[None if posting is None else posting.owner_id] += 1
        uow.failures.save(replace(failure, told_late_at=now))
    for owner_id, count in counted.items():
        tell_exceptions_late(count, owner_id=owner_id, uow=uow, now=now)
    return len(late)


def take_up_forgotten(*, uow: UnitOfWork, engine: Engine, now: datetime, ids: Ids) -> int:
    """Send bills off again that wait for nothing; gives how many.

    A run is lost only where the engine's own rows are (a restored backup, a mended table). To send
    one twice does no harm: the ledger is asked for its token first.
    """
    forgotten = uow.failures.forgotten(before=now - FORGOTTEN_AFTER, limit=MOST_AT_ONCE)
    if forgotten:
        engine.enqueue_retry(uow, forgotten, retry_id=ids.new("again"))
    return len(forgotten)
