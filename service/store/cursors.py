"""Cursors: the number of the last row shown, or its id where a list has an order of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, literal, select, tuple_

from service.domain.errors import InvalidRequestError
from service.store.cases import LONGEST_NUMBER


def number_of(cursor: str) -> int:
    """Read a cursor that a list gave out; raises InvalidRequestError for any other."""
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > LONGEST_NUMBER:
        raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
    return int(cursor)


def newest_behind(
    query: Select[Any],
    cursor: str | None,
    *,
    order: Sequence[Column[Any]],
    connection: Connection,
) -> Select[Any]:
    """Order a list newest first, and let it begin behind the row that a cursor names.

    `order` ends with the column of ids. Raises InvalidRequestError for any other cursor.
    """
    ordered = query.order_by(*(one.desc() for one in order))
    if cursor is None:
        return ordered
    last = connection.execute(select(*order).where(order[-1] == cursor).limit(1)).first()
    if last is None:
        raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
    shown = (literal(value, one.type) for value, one in zip(last, order, strict=True))
    return ordered.where(tuple_(*order) < tuple_(*shown))
