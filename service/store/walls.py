"""Walls in SQL: a query narrowed to what lies on somebody's side, before anything is read."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import FromClause, Select

from service.domain.wall import Wall

Q = TypeVar("Q", bound=Select[Any])


def within(query: Q, table: FromClause, wall: Wall) -> Q:
    """Narrow a query to the rows of `table` that a wall admits.

    `table` is one of item, review_case and transfer: it holds `client_id` and `business_unit`.
    A row without a business unit is hidden from whoever is held to some, as in `Wall.admits`.
    """
    if wall.client_ids is not None:
        query = query.where(table.c.client_id.in_(sorted(wall.client_ids)))
    if wall.business_units is not None:
        query = query.where(table.c.business_unit.in_(sorted(wall.business_units)))
    return query
