"""What waits, read from the tally: a poll costs the same over a short queue and a long one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from data.schemas.vocabulary import CaseStatus
from service.domain.wall import Wall
from service.store.desk_tables import queue_tally
from service.store.queue_tally import SECONDS_A_MINUTE
from service.store.tables import decision, review_case, undo
from service.store.walls import within
from service.wire.cases import QueueSummary


def queue_summary_of(connection: Connection, *, wall: Wall, now: datetime) -> QueueSummary:
    """Add up what waits on this side of a wall; a claim that ran out waits again."""
    count = dict.fromkeys(CaseStatus, 0)
    seconds = dict.fromkeys(CaseStatus, 0)
    money: dict[str, int] = {}
    for row in connection.execute(within(select(queue_tally), queue_tally, wall)):
        count[CaseStatus(row.status)] += row.cases
        seconds[CaseStatus(row.status)] += row.seconds
        if row.cases:
            money[row.currency] = money.get(row.currency, 0) + row.value_minor
    lapsed, lapsed_minutes = _lapsed(connection, wall=wall, now=now)
    return QueueSummary(
        waiting=count[CaseStatus.OPEN] + lapsed,
        claimed=count[CaseStatus.CLAIMED] - lapsed,
        held=count[CaseStatus.HELD],
        awaiting_information=count[CaseStatus.AWAITING_INFORMATION],
        escalated=count[CaseStatus.ESCALATED],
        decided_today=_decided_today(connection, wall=wall, now=now),
        waiting_minutes=round(seconds[CaseStatus.OPEN] / SECONDS_A_MINUTE + lapsed_minutes, 1),
        money_at_stake_minor=money,
        next_due_at=_next_due(connection, wall=wall),
    )


def _lapsed(connection: Connection, *, wall: Wall, now: datetime) -> tuple[int, float]:
    query: Select[Any, Any] = select(func.count(), func.sum(review_case.c.review_minutes)).where(
        review_case.c.status == CaseStatus.CLAIMED.value, review_case.c.lease_expires_at <= now
    )
    number, minutes = connection.execute(within(query, review_case, wall)).one()
    return number, minutes or 0.0


def _next_due(connection: Connection, *, wall: Wall) -> datetime | None:
    query = (
        select(review_case.c.due_at)
        .where(review_case.c.status == CaseStatus.OPEN.value)
        .order_by(review_case.c.due_at)
        .limit(1)
    )
    return connection.execute(within(query, review_case, wall)).scalar()


def _decided_today(connection: Connection, *, wall: Wall, now: datetime) -> int:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(func.count())
        .select_from(decision)
        .join(review_case, review_case.c.number == decision.c.case_number)
        .outerjoin(undo, undo.c.decision_id == decision.c.id)
        .where(decision.c.decided_at >= midnight, undo.c.decision_id.is_(None))
    )
    return int(connection.execute(within(query, review_case, wall)).scalar_one())
