"""Which clauses of a contract hold on a day: confirmed ones, as executed change orders restate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from data.schemas.contracts import ChangeOrder, Clause, Contract
from data.schemas.vocabulary import ChangeOrderStatus
from service.domain.clause_level import Level, level_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClause:
    """A clause that holds, and the change order that brought it."""

    clause: Clause
    order_number: str | None = None


def terms_on(contract: Contract, *, on: date) -> list[HeldClause]:
    """Give the clauses in force on a day, in the order of the contract.

    Of one level the one that an executed change order restates holds, the latest order's first.
    """
    held: dict[Level, HeldClause] = {}
    for clause in contract.clauses:
        if clause.confirmed_by is not None and _holds(clause, on=on, since=clause.valid_from):
            held[level_of(clause)] = HeldClause(clause=clause)
    for order in _executed(contract):
        for clause in order.clauses:
            since = max(clause.valid_from, order.effective_on)
            if _holds(clause, on=on, since=since):
                held[level_of(clause)] = HeldClause(clause=clause, order_number=order.number)
    return list(held.values())


def _executed(contract: Contract) -> Iterator[ChangeOrder]:
    orders = (one for one in contract.change_orders if one.status is ChangeOrderStatus.EXECUTED)
    yield from sorted(orders, key=lambda one: one.effective_on)


def _holds(clause: Clause, *, on: date, since: date) -> bool:
    return since <= on and (clause.valid_to is None or on <= clause.valid_to)
