"""The exception queue at the shell: what the ledger refused, and one more try once it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from data.schemas.vocabulary import PostingStatus
from service.clock import SystemClock, SystemIds
from service.commands.opened import opened
from service.domain.errors import NotFoundError
from service.settings import Settings
from service.store.database import open_for_reading
from service.store.screens import SqlScreens
from service.usecases.make_bill import posting_enqueued
from service.wire.cases import PostingView
from service.workflows.engine import DbosEngine

SHELL = "command-line"
PAGE = 200


def postings(settings: Settings, *, status: PostingStatus) -> list[PostingView]:
    """Give every posting of a status, newest first."""
    engine = open_for_reading(settings.database)
    found: list[PostingView] = []
    try:
        screens, cursor = SqlScreens(engine), None
        while True:
            page = screens.posting_page(status=status, cursor=cursor, limit=PAGE)
            found += page.postings
            cursor = page.next_cursor
            if cursor is None:
                return found
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
            posting = uow.postings.get(posting_id)
            if posting is None:
                raise NotFoundError("posting", posting_id)
            if posting.status is not PostingStatus.REFUSED:
                continue
            uow.postings.save(
                replace(posting, status=PostingStatus.PENDING, error=None, owner_id=None)
            )
            uow.audit.record(replace(posting_enqueued(posting, actor_id=SHELL), at=now))
            engine.enqueue_retry(uow, posting.id, retry_id=ids.new("retry"))
            retried.append(posting.id)
    return retried
