"""The trend: what happened on each day of a period, by UTC."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Connection, FromClause, Select, Text, func, select, type_coerce
from sqlalchemy import case as sql_case

from data.schemas.vocabulary import FINAL_VERDICTS, PostingStatus, Route
from service.domain.wall import Wall
from service.ports.operations import Period
from service.store.operations_period import asked
from service.store.tables import assessment, decision, item, posting, review_case, undo
from service.wire.operations import DayFigures

DATE_LENGTH = len("2026-03-02")
_IS_CLEARED = sql_case((assessment.c.route == Route.AUTO_CLEAR.value, 1), else_=0)


def days_of(period: Period, *, wall: Wall, connection: Connection) -> tuple[DayFigures, ...]:
    """Count by day; days without anything stand there with zeros."""

    def counted(
        query: Select[*tuple[Any, ...]], at: Column[Any], table: FromClause, column: str = "number"
    ) -> Counter[str]:
        day = func.substr(type_coerce(at, Text), 1, DATE_LENGTH)
        narrowed = query.add_columns(day.label("day")).where(at >= period.since, at <= period.until)
        grouped = asked(narrowed, table, period, wall=wall).group_by("day")
        return Counter({row.day: getattr(row, column) for row in connection.execute(grouped)})

    received = counted(_ASSESSED, assessment.c.assessed_at, item)
    cleared = counted(_ASSESSED, assessment.c.assessed_at, item, "cleared")
    opened = counted(select(func.count().label("number")), review_case.c.opened_at, review_case)
    decided = counted(_DECIDED, decision.c.decided_at, review_case)
    posted = counted(_POSTED, posting.c.done_at, item)
    return tuple(
        DayFigures(
            day=day,
            assessed=received[str(day)],
            cleared=cleared[str(day)],
            opened=opened[str(day)],
            decided=decided[str(day)],
            posted=posted[str(day)],
        )
        for day in _each_day(period)
    )


_ASSESSED = (
    select(func.count().label("number"), func.sum(_IS_CLEARED).label("cleared"))
    .select_from(assessment)
    .join(item, item.c.seq == assessment.c.item_seq)
    .where(item.c.superseded_by.is_(None), item.c.withdrawn_at.is_(None))
)
_DECIDED = (
    select(func.count(decision.c.case_number.distinct()).label("number"))
    .select_from(decision)
    .join(review_case, review_case.c.number == decision.c.case_number)
    .outerjoin(undo, undo.c.decision_id == decision.c.id)
    .where(
        undo.c.decision_id.is_(None),
        decision.c.verdict.in_([verdict.value for verdict in FINAL_VERDICTS]),
    )
)
_POSTED = (
    select(func.count().label("number"))
    .select_from(posting)
    .join(item, item.c.seq == posting.c.item_seq)
    .where(posting.c.status == PostingStatus.DONE.value)
)


def _each_day(period: Period) -> list[date]:
    first, last = period.since.date(), period.until.date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
