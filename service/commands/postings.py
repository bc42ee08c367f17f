"""The exception queue at the shell: what the ledger refused, and one more try once it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from data.schemas.vocabulary import PostingStatus, Role
from service.clock import SystemClock, SystemIds
from service.commands.opened import opened
from service.domain.actor import Actor
from service.domain.wall import OPEN_WALL
from service.settings import Settings
from service.store.database import open_for_reading
from service.store.screens import SqlScreens
from service.usecases.billing.retry_posting import posting_seen, retry_posting
from service.wire.cases import PostingView
from service.wire.postings import ReasonView
from service.workflows.engine import DbosEngine

SHELL = Actor(id="command-line", name="Command line", roles=frozenset({Role.ADMIN}))
PAGE = 200


def postings(settings: Settings, *, status: PostingStatus) -> list[PostingView]:
    """Give every posting of a status, newest first."""
    engine = open_for_reading(settings.database)
    found: list[PostingView] = []
    try:
        screens, cursor = SqlScreens(engine), None
        while True:
            page = screens.posting_page(status=status, wall=OPEN_WALL, cursor=cursor, limit=PAGE)
            found += page.postings
            cursor = page.next_cursor
            if cursor is None:
                return found
    finally:
        engine.dispose()


def posting_reasons(settings: Settings) -> tuple[ReasonView, ...]:
    """Give the exception queue by reason, the most frequent first."""
    engine = open_for_reading(settings.database)
    try:
        return SqlScreens(engine).posting_reasons(wall=OPEN_WALL, now=SystemClock().now()).reasons
    finally:
        engine.dispose()


def retry_postings(settings: Settings, *, posting_ids: Sequence[str]) -> list[str]:
    """Have refused postings tried once more, all in one transaction; give their ids.

    One that is no longer refused is left as it is. Raises NotFoundError for an unknown id.
    """
    retried = []
    now, ids = SystemClock().now(), SystemIds()
    with closing(DbosEngine(settings.database)) as engine, opened(settings) as work, work() as uow:
        for posting_id in posting_ids:
            if posting_seen(posting_id, actor=SHELL, uow=uow).status is not PostingStatus.REFUSED:
                continue
            retry_posting(
                posting_id, reason="tried again at the shell", actor=SHELL, uow=uow, engine=engine,
                now=now, ids=ids,
            )  # fmt: skip
            retried.append(posting_id)
    return retried
