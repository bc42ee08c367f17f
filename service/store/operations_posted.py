"""What left for the ledger in a period, and how long that took from receipt."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from data.schemas.vocabulary import PostingStatus
from service.domain.wall import Wall
from service.ports.operations import Period
from service.store.operations_period import asked, by_currency, hours_view
from service.store.tables import item, posting
from service.wire.operations import PostedWork

SECONDS_PER_HOUR = 3_600


def posted_of(period: Period, *, wall: Wall, connection: Connection) -> PostedWork:
    """Count the postings opened in the period by state, and time those done in it."""
    opened = select(posting.c.status, func.count().label("number")).where(
        posting.c.created_at >= period.since, posting.c.created_at <= period.until
    )
    opened = _within(opened, period, wall=wall).group_by(posting.c.status)
    versions = item.alias("versions")
    received = (
        select(func.min(versions.c.received_at))
        .where(versions.c.item_id == posting.c.item_id)
        .scalar_subquery()
    )
    done = select(
        posting.c.currency, posting.c.total_minor, posting.c.done_at,
        received.label("received_at"),
    ).where(
        posting.c.status == PostingStatus.DONE.value,
        posting.c.done_at >= period.since,
        posting.c.done_at <= period.until,
    )  # fmt: skip
    billed = connection.execute(_within(done, period, wall=wall)).all()
    return PostedWork(
        by_status={row.status: row.number for row in connection.execute(opened)},
        billed_minor=by_currency((row.currency, row.total_minor) for row in billed),
        cycle=hours_view(
            [(row.done_at - row.received_at).total_seconds() / SECONDS_PER_HOUR for row in billed]
        ),
    )


def _within(query: Select[Any], period: Period, *, wall: Wall) -> Select[Any]:
    joined = query.join(item, item.c.seq == posting.c.item_seq)
    return asked(joined, item, period, wall=wall)
