"""Customers with a ceiling of their own: who pays which part of which line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.schemas.clauses import NotToExceed
from data.schemas.contracts import Contract, ContractLine
from models.codes import Codes, line_name
from models.columns import Floats, Ints
from models.spans import Placed

ALL = 1.0
"""The share of the contract's client in a line that names no customers."""


class Payer(NamedTuple):
    """A customer's part of a line, or of one of its lines."""

    code: int
    """The client; where lines of a client are listed, the line."""
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One row for each part that a customer with a ceiling pays of a line asked about."""

    row: Ints
    """The place of the line in what was asked."""
    client: Ints
    share: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Shares as they are written; customers without any ceiling are left out."""

    _of_line: dict[int, tuple[Payer, ...]]
    _of_customer: dict[tuple[int, int], tuple[Payer, ...]]

    @classmethod
    def build(
        cls, contracts: Sequence[Contract], *, placed: Sequence[Placed], codes: Codes
    ) -> Customers:
        """Compile the shares of the customers that `placed` clauses limit."""
        of_line: dict[int, tuple[Payer, ...]] = {}
        of_customer: dict[tuple[int, int], tuple[Payer, ...]] = {}
        limited = _limited(placed)
        for contract in contracts:
            own = codes.contract.code(contract.id)
            for line in contract.lines:
                code = codes.line.code(line_name(contract.id, line.id))
                shares = [
                    Payer(codes.client.code(client_id), share)
                    for client_id, share in shares_of(contract, line)
                    if (contract.id, client_id) in limited
                ]
                if shares:
                    of_line[code] = tuple(shares)
                for client, share in shares:
                    known = of_customer.get((own, client), ())
                    of_customer[own, client] = (*known, Payer(code, share))
        return cls(_of_line=of_line, _of_customer=of_customer)

    def parts(self, line: Ints) -> Parts:
        """Give who with a ceiling pays which part of each line, in the order of the lines."""
        distinct, place = np.unique(line, return_inverse=True)
        payers = [self._of_line.get(code, ()) for code in distinct.tolist()]
        counts = np.array([len(own) for own in payers], dtype=np.int64)
        first = np.cumsum(counts) - counts
        row = np.repeat(np.arange(len(line)), counts[place])
        start = np.cumsum(counts[place]) - counts[place]
        slot = np.arange(len(row)) - np.repeat(start, counts[place]) + first[place][row]
        listed = [payer for own in payers for payer in own]
        return Parts(
            row=row,
            client=np.array([payer.code for payer in listed], dtype=np.int64)[slot],
            share=np.array([payer.share for payer in listed], dtype=np.float64)[slot],
        )

    def lines(self, contract: int, client: int) -> tuple[Payer, ...]:
        """Give the lines of a contract that a customer pays for, with its share of each."""
        return self._of_customer.get((contract, client), ())


def shares_of(contract: Contract, line: ContractLine) -> list[tuple[str, float]]:
    """Give who pays a line: its customers, or the contract's client alone."""
    if not line.customers:
        return [(contract.client_id, ALL)]
    return [(one.client_id, one.share) for one in line.customers]


def _limited(placed: Sequence[Placed]) -> set[tuple[str, str]]:
    return {
        (one.contract.id, one.clause.terms.client_id)
        for one in placed
        if isinstance(one.clause.terms, NotToExceed) and one.clause.terms.client_id is not None
    }
