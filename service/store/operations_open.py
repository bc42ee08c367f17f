"""What still needs somebody: open cases by kind, client, age and state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy import case as sql_case

from data.schemas.vocabulary import CaseStatus
from service.domain.queue import EFFECT_FREE
from service.domain.wall import Wall
from service.ports.operations import Period
from service.store.cases import FINISHED
from service.store.display_names import names_of
from service.store.operations_period import asked, by_currency
from service.store.tables import review_case
from service.wire.operations import OpenWork, Pile

MOST_CLIENTS = 20
AGES: tuple[tuple[str, timedelta], ...] = (
    ("under a day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 7 days", timedelta(days=7)),
    ("7 to 30 days", timedelta(days=30)),
)
OLDEST = "over 30 days"
REPEATED = [lane.value for lane in EFFECT_FREE]
"""Cases that show another case's item again: work, but not money."""


def open_work_of(period: Period, *, wall: Wall, connection: Connection) -> OpenWork:
    """Add up the open cases as they stand at the end of the period, which is now."""
    rows = _groups(period, wall=wall, connection=connection)
    clients = names_of("clients", {row.client_id for row in rows}, connection)
    by_client = _piles(rows, lambda row: row.client_id, names=clients)
    by_client.sort(key=lambda pile: (-pile.cases, pile.name))
    ages = [name for name, _ in AGES] + [OLDEST]
    by_age = _piles(rows, lambda row: row.age)
    by_age.sort(key=lambda pile: ages.index(pile.id))
    return OpenWork(
        cases=sum(row.cases for row in rows),
        late=sum(row.late for row in rows),
        amount_minor=by_currency((row.currency, row.amount) for row in rows),
        backlog_minutes=round(sum(row.minutes for row in rows if row.status in _TO_WORK_ON), 1),
        by_kind=tuple(_piles(rows, lambda row: row.kind)),
        by_client=tuple(by_client[:MOST_CLIENTS]),
        by_age=tuple(by_age),
        by_status=tuple(_piles(rows, lambda row: row.status)),
    )


_TO_WORK_ON = frozenset({CaseStatus.OPEN.value, CaseStatus.CLAIMED.value})


def _groups(period: Period, *, wall: Wall, connection: Connection) -> Sequence[Row[Any]]:
    is_money = review_case.c.lane.not_in(REPEATED)
    age = _age(period.until)
    query = (
        select(
            review_case.c.kind,
            review_case.c.client_id,
            review_case.c.status,
            review_case.c.currency,
            age.label("age"),
            func.count().label("cases"),
            func.sum(sql_case((review_case.c.due_at < period.until, 1), else_=0)).label("late"),
            func.sum(sql_case((is_money, review_case.c.amount_minor), else_=0)).label("amount"),
            func.sum(sql_case((is_money, review_case.c.risk_minor), else_=0)).label("risk"),
            func.sum(review_case.c.review_minutes).label("minutes"),
        )
        .where(review_case.c.status.not_in(FINISHED))
        .group_by(
            review_case.c.kind, review_case.c.client_id, review_case.c.status,
            review_case.c.currency, "age",
        )
    )  # fmt: skip
    return connection.execute(asked(query, review_case, period, wall=wall)).all()


def _age(now: datetime) -> Any:  # noqa: ANN401 - a SQL expression
    return sql_case(
        *((review_case.c.opened_at > now - limit, name) for name, limit in AGES), else_=OLDEST
    )


def _piles(
    rows: Iterable[Row[Any]],
    key: Callable[[Row[Any]], str],
    *,
    names: dict[str, str] | None = None,
) -> list[Pile]:
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return [
        Pile(
            id=name,
            name=(names or {}).get(name, name),
            cases=sum(row.cases for row in own),
            late=sum(row.late for row in own),
            amount_minor=by_currency((row.currency, row.amount) for row in own),
            at_risk_minor=by_currency((row.currency, row.risk) for row in own),
        )
        for name, own in sorted(grouped.items())
    ]
