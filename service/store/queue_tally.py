"""What waits, counted as it changes: the poll of every open screen must not count a whole queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.case import FINISHED, Case
from service.store.desk_tables import queue_tally
from service.store.tables import review_case

SECONDS_A_MINUTE = 60
KEY = ("status", "currency", "client_id", "business_unit")
SUMS = ("cases", "seconds", "value_minor")
DONE = frozenset(status.value for status in FINISHED)
COUNTED: Select[Any] = select(
    review_case.c.status,
    review_case.c.currency,
    review_case.c.client_id,
    review_case.c.business_unit,
    review_case.c.review_minutes,
    review_case.c.value_minor,
).where(review_case.c.number == bindparam("number"))
Tally = dict[tuple[str, ...], Counter[str]]


def counted_before(number: int, connection: Connection) -> Row[Any] | None:
    """Give what a case counts for as it is stored now; asked before it is written anew."""
    return connection.execute(COUNTED, {"number": number}).one_or_none()


def count_anew(before: Row[Any] | None, case: Case, connection: Connection) -> None:
    """Let a changed case count for what it is now."""
    changes: Tally = {}
    if before is not None:
        _add(changes, _of_row(before), sign=-1)
    _add(changes, _of_case(case), sign=1)
    _write(changes, connection)


def count_new(cases: Iterable[Case], connection: Connection) -> None:
    """Let new cases count."""
    changes: Tally = {}
    for case in cases:
        _add(changes, _of_case(case), sign=1)
    _write(changes, connection)


def _of_case(case: Case) -> tuple[tuple[str, ...], Sequence[int]]:
    key = (case.status.value, case.currency, case.client_id, case.business_unit or "")
    return key, (1, round(case.review_minutes * SECONDS_A_MINUTE), case.value_minor)


def _of_row(row: Row[Any]) -> tuple[tuple[str, ...], Sequence[int]]:
    key = (row.status, row.currency, row.client_id, row.business_unit or "")
    return key, (1, round(row.review_minutes * SECONDS_A_MINUTE), row.value_minor)


def _add(changes: Tally, counted: tuple[tuple[str, ...], Sequence[int]], *, sign: int) -> None:
    key, sums = counted
    if key[0] in DONE:
        return
    total = changes.setdefault(key, Counter())
    for name, one in zip(SUMS, sums, strict=True):
        total[name] += sign * one


def _write(changes: Tally, connection: Connection) -> None:
    rows = [
        dict(zip(KEY, key, strict=True)) | {name: total[name] for name in SUMS}
        for key, total in changes.items()
        if any(total.values())
    ]
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(queue_tally)
    statement = statement.on_conflict_do_update(
        index_elements=list(KEY),
        set_={name: queue_tally.c[name] + statement.excluded[name] for name in SUMS},
    )
    connection.execute(statement, rows)
