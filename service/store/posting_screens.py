"""Reads of postings: whom they bill, who sees to them, and how they fare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select

from data.schemas.vocabulary import FailureKind, PostingStatus
from service.domain.failure import name_of
from service.domain.wall import Wall
from service.ports.screens import PostingFilter
from service.store.display_names import account_names, names_of
from service.store.failure_tables import posting_failure
from service.store.postings import posting_of_row
from service.store.tables import item, posting
from service.store.walls import within
from service.wire.cases import PostingPage, PostingView
from service.wire.postings import ReasonsView, ReasonView

OPEN = frozenset({PostingStatus.PENDING, PostingStatus.REFUSED})
FAILURE_COLUMNS = [
    one.label(f"failure_{one.name}") for one in posting_failure.c if one.name != "posting_id"
]


def posting_page_of(
    connection: Connection, wanted: PostingFilter, *, wall: Wall, cursor: str | None, limit: int
) -> PostingPage:
    """Give one page of postings within a wall, newest first."""
    query = _narrowed(_postings(wall), wanted).order_by(posting.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(posting.c.id < cursor)
    rows = connection.execute(query).all()
    views = _views(rows[:limit], connection)
    return PostingPage(postings=views, next_cursor=views[-1].id if len(rows) > limit else None)


def posting_named(connection: Connection, posting_id: str, *, wall: Wall) -> PostingView | None:
    """Give one posting, None where there is none within the wall."""
    rows = connection.execute(_postings(wall).where(posting.c.id == posting_id)).all()
    return next(iter(_views(rows, connection)), None)


def bill_of_posting(connection: Connection, posting_id: str, *, wall: Wall) -> str | None:
    """Give the bill of a posting as it was written down, None where there is none in the wall."""
    row = connection.execute(_postings(wall).where(posting.c.id == posting_id)).one_or_none()
    return None if row is None else str(row.bill)


def reasons_of(connection: Connection, *, wall: Wall, now: datetime) -> ReasonsView:
    """Give the exception queue within a wall by reason, the most frequent first."""
    failure = posting_failure.c
    count = func.count().label("postings")
    query = (
        select(
            failure.reason,
            func.min(failure.kind).label("kind"),
            func.min(failure.remedy).label("remedy"),
            count,
            func.sum(case((failure.due_at < now, 1), else_=0)).label("late"),
            func.min(failure.since).label("since"),
        )
        .select_from(posting_failure.join(posting).join(item, item.c.seq == posting.c.item_seq))
        .where(posting.c.status == PostingStatus.REFUSED.value)
        .group_by(failure.reason)
        .order_by(count.desc(), failure.reason)
    )
    rows = connection.execute(within(query, item, wall))
    return ReasonsView(reasons=tuple(_reason(row) for row in rows))


def _reason(row: Row[Any]) -> ReasonView:
    return ReasonView(
        reason=row.reason,
        name=name_of(row.reason),
        kind=FailureKind(row.kind),
        remedy=row.remedy,
        postings=row.postings,
        late=row.late,
        since=row.since,
    )


def _narrowed(query: Select[Any], wanted: PostingFilter) -> Select[Any]:
    if wanted.status is not None:
        query = query.where(posting.c.status == wanted.status.value)
    if wanted.reason is not None:
        query = query.where(posting_failure.c.reason == wanted.reason)
    if wanted.owner_id is not None:
        query = query.where(posting.c.owner_id == wanted.owner_id)
    return query


def _postings(wall: Wall) -> Select[Any]:
    query = (
        select(posting, item.c.client_id, *FAILURE_COLUMNS)
        .join(item, item.c.seq == posting.c.item_seq)
        .outerjoin(posting_failure)
    )
    return within(query, item, wall)


def _views(rows: Sequence[Row[Any]], connection: Connection) -> tuple[PostingView, ...]:
    clients = names_of("clients", {row.client_id for row in rows}, connection)
    owners = account_names({row.owner_id for row in rows if row.owner_id}, connection)
    return tuple(_view(row, clients, owners) for row in rows)


def _view(row: Row[Any], clients: dict[str, str], owners: dict[str, str]) -> PostingView:
    one = posting_of_row(row)
    has_failed = one.status in OPEN and row.failure_kind is not None
    return PostingView(
        id=one.id,
        token=one.token,
        item_id=one.item_id,
        case_id=one.case_id,
        client_name=clients.get(row.client_id, row.client_id),
        ledger=one.ledger,
        status=one.status,
        total_minor=one.total_minor,
        currency=one.currency,
        document_id=one.document_id,
        attempts=one.attempts,
        error=one.error,
        owner_id=one.owner_id,
        owner_name=owners.get(one.owner_id, one.owner_id) if one.owner_id else None,
        created_at=one.created_at,
        done_at=one.done_at,
        **(_failure(row, one.status) if has_failed else {}),
    )


def _failure(row: Row[Any], status: PostingStatus) -> dict[str, Any]:
    return {
        "kind": FailureKind(row.failure_kind),
        "reason": row.failure_reason,
        "reason_name": name_of(row.failure_reason),
        "remedy": row.failure_remedy,
        "failing_since": row.failure_since,
        "next_try_at": row.failure_next_try_at,
        "due_at": row.failure_due_at,
        "may_be_edited": status is PostingStatus.REFUSED and bool(row.failure_is_surely_unwritten),
    }


def oldest_due(connection: Connection) -> datetime | None:
    """Give since when a posting could have left that has not."""
    query = select(func.min(posting.c.not_before)).where(
        posting.c.status == PostingStatus.PENDING.value
    )
    found: datetime | None = connection.execute(query).scalar()
    return found
