"""What every question of the operations page shares: whose items, and money by currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import FromClause, Select

from service.domain.wall import Wall
from service.ports.operations import Period
from service.store.walls import within
from service.wire.operations import HoursView, Money

Q = TypeVar("Q", bound=Select[Any])


def asked(query: Q, table: FromClause, period: Period, *, wall: Wall) -> Q:
    """Narrow a query to the reader's wall and to the client and business unit asked for."""
    query = within(query, table, wall)
    if period.client_id is not None:
        query = query.where(table.c.client_id == period.client_id)
    if period.business_unit is not None:
        query = query.where(table.c.business_unit == period.business_unit)
    return query


def by_currency(sums: Iterable[tuple[str, int]]) -> Money:
    """Add up minor units by currency; what comes to nothing is left out.

    PostgreSQL gives sums of 64-bit integers as decimals; here they become integers again.
    """
    money: Money = {}
    for currency, minor in sums:
        money[currency] = money.get(currency, 0) + int(minor)
    return {currency: minor for currency, minor in sorted(money.items()) if minor}


def hours_view(hours: Sequence[float]) -> HoursView:
    """Give the middle and the ninetieth percentile: the smallest value that covers the share."""
    if not hours:
        return HoursView(count=0, p50_hours=None, p90_hours=None)
    p50, p90 = np.quantile(np.asarray(hours), [0.5, 0.9], method="inverted_cdf")
    return HoursView(count=len(hours), p50_hours=float(p50), p90_hours=float(p90))
