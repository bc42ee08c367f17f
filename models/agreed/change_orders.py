"""Change orders, compiled: which of them pay for work on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from data.schemas.contracts import ChangeOrder, Contract
from data.schemas.vocabulary import ChangeOrderStatus
from models.codes import UNKNOWN, Codebook, Codes, line_name
from models.columns import Flags, Ints, day_number
from models.timeline import Span, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedOrders:
    """The change orders of all contracts, by code."""

    _names: Codebook
    _orders: dict[int, ChangeOrder]
    _payable: Timeline

    @classmethod
    def build(cls, contracts: Iterable[Contract], *, codes: Codes) -> AgreedOrders:
        """Compile the orders; names not yet in `codes` are added to it."""
        orders = {
            codes.change_order.code(line_name(contract.id, order.id)): order
            for contract in contracts
            for order in contract.change_orders
        }
        return cls(
            _names=codes.change_order,
            _orders=orders,
            _payable=Timeline.build(_payable(orders)),
        )

    def code(self, contract_id: str, order_id: str) -> int:
        """Give the code of an order, or UNKNOWN if nobody named it yet."""
        return self._names.find(line_name(contract_id, order_id))

    def is_payable(self, order: Ints, day: Ints) -> Flags:
        """Say whether each order is executed by the day and brings funds."""
        return np.asarray(self._payable.at(order, day) != UNKNOWN)

    def order(self, code: int) -> ChangeOrder | None:
        """Give an order, or None if its contract has none of that name."""
        return self._orders.get(code)

    def order_id(self, code: int) -> str:
        """Give the id of an order inside its contract."""
        return self._names.name(code).partition("\x1f")[2]


def is_funded(order: ChangeOrder) -> bool:
    """Say whether an order adds money; one that only moves the end adds none."""
    return order.delta_value_minor + order.delta_funded_minor > 0


def _payable(orders: dict[int, ChangeOrder]) -> Iterator[Span]:
    for code, order in orders.items():
        if order.status is ChangeOrderStatus.EXECUTED and is_funded(order):
            yield Span(code, day_number(order.effective_on), None, 1)
