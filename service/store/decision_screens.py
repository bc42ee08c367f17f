"""Reads of decisions and postings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    select,
)

from data.schemas.decision import Decision
from data.schemas.vocabulary import PostingStatus
from service.domain.queue import EFFECT_FREE
from service.store.display_names import names_of
from service.store.tables import (
    account,
    decision,
    posting,
    review_case,
    undo,
)
from service.wire.cases import DecisionView


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
    query: Select[Any], connection: Connection, *, undo_window: timedelta, now: datetime
) -> tuple[DecisionView, ...]:
    """Run a query of decisions, and give them as people see them."""
    rows = connection.execute(query).all()
    people = names_of("people", {row.title.split(", ")[0] for row in rows}, connection)
    return tuple(_decision_view(row, people, undo_window=undo_window, now=now) for row in rows)


def _posting_status(row: Row[Any], one: Decision, *, is_undoable: bool) -> PostingStatus | None:
    """How the bill fares.

    Of a blind repeat what it would be as long as its verdict can be taken back, or whoever gave it
    could tell the repeat and judge it again; later that it has none.
    """
    if row.posting_status is not None:
        return PostingStatus(row.posting_status)
    if one.lane not in EFFECT_FREE or one.approved_minor == 0:
        return None
    if row.undone_at is not None:
        return PostingStatus.CANCELLED
    return PostingStatus.PENDING if is_undoable else None


def _decision_view(
    row: Row[Any], people: dict[str, str], *, undo_window: timedelta, now: datetime
) -> DecisionView:
    one = Decision.model_validate_json(row.body)
    person, _, rest = row.title.partition(", ")
    undo_until = one.decided_at + undo_window
    status = _posting_status(row, one, is_undoable=now < undo_until)
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
        undo_until=undo_until if is_open else None,
        is_undone=row.undone_at is not None,
        posting=status,
        written_off_minor=one.written_off_minor,
        moved_minor=one.moved_minor,
        not_billed_minor=one.not_billed_minor,
        adjustments=one.adjustments,
        override_cause=one.override_cause,
        supersedes_id=one.supersedes_id,
        signs_id=one.signs_id,
        bulk_id=one.bulk_id,
    )
