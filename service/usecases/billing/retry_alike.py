"""Have everything tried again that failed for one reason, once that is mended."""

from __future__ import annotations

from datetime import datetime

from service.domain.actor import Actor
from service.ports.clock import Ids
from service.ports.engine import Engine
from service.ports.stores import UnitOfWork
from service.usecases.billing.retry_posting import MENDERS, retry_posting

MOST_AT_ONCE = 500
"""One transaction holds the writer for moments only; the rest is asked for again."""


def retry_alike(
    code: str,
    *,
    reason: str,
    actor: Actor,
    uow: UnitOfWork,
    engine: Engine,
    now: datetime,
    ids: Ids,
) -> int:
    """Put refused postings of one reason back on their way; gives how many.

    Those behind the actor's wall stay where they are. Raises NotAllowedError.
    """
    actor.require_role(*MENDERS)
    retried = 0
    for posting_id in uow.failures.in_queue(code, wall=actor.wall, limit=MOST_AT_ONCE):
        retry_posting(
            posting_id, reason=reason, actor=actor, uow=uow, engine=engine, now=now, ids=ids
        )
        retried += 1
    return retried
