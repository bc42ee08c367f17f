"""Funds as agreed: how much is funded, when funds last moved, and when notice was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import numpy as np

from data.schemas.clauses import Funding
from data.schemas.contracts import ChangeOrder, Contract, Notice, NoticeKind
from data.schemas.vocabulary import ChangeOrderStatus
from models.codes import Codes, line_name
from models.columns import Flags, Floats, Ints, day_number
from models.spans import Placed
from models.timeline import ALWAYS, Span, Timeline

FUNDING_NOTICES = frozenset({NoticeKind.FUNDING})
"""Notices that answer for the funds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """The funds of each row's clause; without a clause the figures mean nothing."""

    is_of_line: Flags
    """Whether the clause funds its line alone; else it funds the contract."""
    funded_minor: Ints
    """With what executed change orders added by the work day."""
    notice_share: Floats
    is_noticed: Flags
    """Whether a notice answers for the funds as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strand:
    """Funds by line, or by contract."""

    delta_minor: Timeline
    moved_day: Timeline
    """The day of the last change order that moved the funds."""
    noticed_day: Timeline

    @classmethod
    def build(cls, moved: Sequence[tuple[int, list[ChangeOrder]]], notices: list[Span]) -> _Strand:
        return cls(
            delta_minor=Timeline.build(_deltas(moved), missing=0),
            moved_day=Timeline.build(_days(moved), missing=ALWAYS),
            noticed_day=Timeline.build(notices, missing=ALWAYS),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedFunding:
    """The funding clauses of all contracts, by their places in the terms."""

    _of_lines: _Strand
    _of_contracts: _Strand
    _is_of_line: Flags
    _funded_minor: Ints
    """By clause; the last answers for UNKNOWN, which is -1."""
    _notice_share: Floats

    @classmethod
    def build(
        cls, contracts: Sequence[Contract], *, placed: Sequence[Placed], codes: Codes
    ) -> AgreedFunding:
        """Compile the clauses; names not yet in `codes` are added to it."""
        terms = [one.clause.terms for one in placed]
        funded = [one.funded_minor if isinstance(one, Funding) else 0 for one in terms]
        shares = [one.notice_share if isinstance(one, Funding) else 1.0 for one in terms]
        return cls(
            _of_lines=_Strand.build(
                list(_orders_of_lines(contracts, codes=codes)),
                list(_notices_of_lines(contracts, codes=codes)),
            ),
            _of_contracts=_Strand.build(
                [(codes.contract.code(one.id), _funding_orders(one)) for one in contracts],
                list(_notices_of_contracts(contracts, codes=codes)),
            ),
            _is_of_line=np.array([*(one.clause.line_id is not None for one in placed), False]),
            _funded_minor=np.array([*funded, 0], dtype=np.int64),
            _notice_share=np.array([*shares, 1.0]),
        )

    def at(
        self, clause: Ints, *, line: Ints, contract: Ints, work_day: Ints, decided_day: Ints
    ) -> Funds:
        """Give the funds of each clause on the work day, and the notices known at the decision."""
        is_of_line = self._is_of_line[clause]

        def of_own(name: str, day: Ints) -> Ints:
            of_line: Timeline = getattr(self._of_lines, name)
            of_contract: Timeline = getattr(self._of_contracts, name)
            return np.where(is_of_line, of_line.at(line, day), of_contract.at(contract, day))

        noticed = of_own("noticed_day", decided_day)
        return Funds(
            is_of_line=is_of_line,
            funded_minor=np.maximum(
                self._funded_minor[clause] + of_own("delta_minor", work_day), 0
            ),
            notice_share=self._notice_share[clause],
            is_noticed=(noticed > ALWAYS) & (noticed >= of_own("moved_day", work_day)),
        )


def _funding_orders(contract: Contract) -> list[ChangeOrder]:
    """The executed change orders that moved the funds, in order."""
    moved = [
        order
        for order in contract.change_orders
        if order.status is ChangeOrderStatus.EXECUTED and order.delta_funded_minor
    ]
    return sorted(moved, key=lambda order: order.effective_on)


def _orders_of_lines(
    contracts: Sequence[Contract], *, codes: Codes
) -> Iterator[tuple[int, list[ChangeOrder]]]:
    for contract in contracts:
        orders = _funding_orders(contract)
        for line in contract.lines:
            own = [order for order in orders if order.line_id == line.id]
            yield codes.line.code(line_name(contract.id, line.id)), own


def _notices_of_lines(contracts: Sequence[Contract], *, codes: Codes) -> Iterator[Span]:
    for contract in contracts:
        for notice in _funding_notices(contract):
            if notice.line_id is not None:
                line = codes.line.code(line_name(contract.id, notice.line_id))
                yield _on(line, notice.given_on)


def _notices_of_contracts(contracts: Sequence[Contract], *, codes: Codes) -> Iterator[Span]:
    for contract in contracts:
        for notice in _funding_notices(contract):
            if notice.line_id is None:
                yield _on(codes.contract.code(contract.id), notice.given_on)


def _funding_notices(contract: Contract) -> list[Notice]:
    return [notice for notice in contract.notices if notice.kind in FUNDING_NOTICES]


def _on(code: int, given_on: date) -> Span:
    """A day that is remembered from itself on."""
    day = day_number(given_on)
    return Span(code, day, None, day)


def _deltas(moved: Sequence[tuple[int, list[ChangeOrder]]]) -> Iterator[Span]:
    for code, orders in moved:
        totals = accumulate(order.delta_funded_minor for order in orders)
        for order, total in zip(orders, totals, strict=True):
            yield Span(code, day_number(order.effective_on), None, total)


def _days(moved: Sequence[tuple[int, list[ChangeOrder]]]) -> Iterator[Span]:
    for code, orders in moved:
        for order in orders:
            yield _on(code, order.effective_on)
