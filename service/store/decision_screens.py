"""Reads of decisions and postings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    select,
)

from data.schemas.decision import Decision
from data.schemas.vocabulary import PostingStatus
from service.store.display_names import names_of
from service.store.postings import posting_of_row
from service.store.tables import (
    account,
    decision,
    posting,
    review_case,
    undo,
)
from service.wire.cases import (
    DecisionView,
    PostingView,
)


def decisions_query() -> Select[Any]:
    """Decisions beside their case, their posting and whoever took them, newest first."""
    return (
        select(
            decision.c.body,
            decision.c.actor_id,
            review_case.c.title,
            review_case.c.currency,
            review_case.c.kind,
            undo.c.at.label("undone_at"),
            posting.c.status.label("posting_status"),
            account.c.name.label("actor_name"),
        )
        .join(review_case, review_case.c.number == decision.c.case_number)
        .outerjoin(undo, undo.c.decision_id == decision.c.id)
        .outerjoin(posting, posting.c.decision_id == decision.c.id)
        .outerjoin(account, account.c.person_id == decision.c.actor_id)
        .order_by(decision.c.id.desc())
    )


def decision_views(
    query: Select[Any], connection: Connection, *, undo_window: timedelta
) -> tuple[DecisionView, ...]:
    """Run a query of decisions, and give them as people see them."""
    rows = connection.execute(query).all()
    people = names_of("people", {row.title.split(", ")[0] for row in rows}, connection)
    return tuple(_decision_view(row, people, undo_window=undo_window) for row in rows)


def _decision_view(
    row: Row[Any], people: dict[str, str], *, undo_window: timedelta
) -> DecisionView:
    one = Decision.model_validate_json(row.body)
    person, _, rest = row.title.partition(", ")
    status = None if row.posting_status is None else PostingStatus(row.posting_status)
    is_open = row.undone_at is None and status in {None, PostingStatus.PENDING}
    return DecisionView(
        id=one.id,
        case_id=one.case_id,
        title=f"{people[person]}, {rest}" if person in people else row.title,
        actor_id=one.actor_id,
        actor_name=row.actor_name or one.actor_id,
        verdict=one.verdict,
        reason_codes=one.reason_codes,
        note=one.note,
        approved_minor=one.approved_minor,
        currency=row.currency,
        decided_at=one.decided_at,
        undo_until=one.decided_at + undo_window if is_open else None,
        is_undone=row.undone_at is not None,
        posting=status,
    )


def posting_view(row: Row[Any]) -> PostingView:
    """Give a row of the posting table as people see it."""
    one = posting_of_row(row)
    return PostingView(
        id=one.id,
        token=one.token,
        item_id=one.item_id,
        case_id=one.case_id,
        ledger=one.ledger,
        status=one.status,
        total_minor=one.total_minor,
        currency=one.currency,
        document_id=one.document_id,
        attempts=one.attempts,
        error=one.error,
        owner_id=one.owner_id,
        created_at=one.created_at,
        done_at=one.done_at,
    )
