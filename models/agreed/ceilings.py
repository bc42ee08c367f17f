"""Ceilings as agreed: how much may be billed in all, at four levels, on each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from data.schemas.clauses import NotToExceed
from data.schemas.contracts import Contract
from models import spans
from models.agreed.customers import Customers
from models.codes import UNKNOWN, Codes, line_name
from models.columns import Flags, Ints
from models.spans import Placed
from models.timeline import PAIR_BITS, Span, Timeline

NO_CEILING = 2**62
"""More than any sum can reach, with room to add to it."""


class Level(Enum):
    """Whose money a ceiling holds together, the narrowest first."""

    LINE_CUSTOMER = auto()
    """Key: line and client."""
    LINE = auto()
    """Key: line."""
    CUSTOMER = auto()
    """Key: contract and client."""
    CONTRACT = auto()
    """Key: contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The ceiling in force for each row; NO_CEILING and UNKNOWN where there is none."""

    hard_minor: Ints
    """Nothing above it is payable; executed change orders are in it."""
    soft_minor: Ints
    """Crossing it is told; change orders do not move it."""
    clause: Ints

    @property
    def is_agreed(self) -> Flags:
        """Whether there is one."""
        return np.asarray(self.clause != UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedCeilings:
    """The not-to-exceed clauses of all contracts; a clause is named by its place in the terms.

    A change order of a line moves the ceiling of the line and that of the contract, any other
    that of the contract alone. Customers' ceilings move only by clauses restated.
    """

    customers: Customers
    """Customers with a ceiling of their own, and what they pay of which line."""
    _clauses: dict[Level, Timeline]
    _deltas: dict[Level, Timeline]
    _hard_minor: Ints
    """By clause; the last answers for UNKNOWN, which is -1."""
    _soft_minor: Ints

    @classmethod
    def build(
        cls, contracts: Sequence[Contract], *, placed: Sequence[Placed], codes: Codes
    ) -> AgreedCeilings:
        """Compile the clauses; names not yet in `codes` are added to it."""
        of_level = {level: list(_spans(placed, level, codes=codes)) for level in Level}
        of_lines = spans.deltas_of_lines(contracts, codes=codes)
        of_contracts = spans.deltas_of_contracts(contracts, codes=codes)
        return cls(
            customers=Customers.build(contracts, placed=placed, codes=codes),
            _clauses={level: Timeline.build(own) for level, own in of_level.items()},
            _deltas={
                Level.LINE: Timeline.build(of_lines, missing=0),
                Level.CONTRACT: Timeline.build(of_contracts, missing=0),
            },
            _hard_minor=_figures(placed, "limit_minor"),
            _soft_minor=_figures(placed, "soft_limit_minor"),
        )

    def at(self, level: Level, key: Ints, day: Ints) -> Ceiling:
        """Give the ceiling of each key of a level on each day."""
        clause = self._clauses[level].at(key, day)
        hard = self._hard_minor[clause]
        if level in self._deltas:
            amended = np.maximum(hard + self._deltas[level].at(key, day), 0)
            hard = np.where(clause == UNKNOWN, NO_CEILING, amended)
        return Ceiling(hard_minor=hard, soft_minor=self._soft_minor[clause], clause=clause)

    def has_any(self, level: Level) -> bool:
        """Say whether any contract has a ceiling of this level."""
        return len(self._clauses[level].keys) > 0

    def has_soft(self, level: Level) -> bool:
        """Say whether any of them has a soft limit."""
        return bool((self._soft_minor[self._clauses[level].values] < NO_CEILING).any())


def _spans(placed: Iterable[Placed], level: Level, *, codes: Codes) -> Iterator[Span]:
    for one in placed:
        if isinstance(one.clause.terms, NotToExceed) and _level_of(one) is level:
            yield one.span(_key_of(one, codes=codes))


def _level_of(one: Placed) -> Level:
    has_client = getattr(one.clause.terms, "client_id", None) is not None
    if one.clause.line_id is None:
        return Level.CUSTOMER if has_client else Level.CONTRACT
    return Level.LINE_CUSTOMER if has_client else Level.LINE


def _key_of(one: Placed, *, codes: Codes) -> int:
    contract, line_id = one.contract.id, one.clause.line_id
    client_id = getattr(one.clause.terms, "client_id", None)
    key = (
        codes.contract.code(contract)
        if line_id is None
        else codes.line.code(line_name(contract, line_id))
    )
    return key if client_id is None else key << PAIR_BITS | codes.client.code(client_id)


def _figures(placed: Iterable[Placed], name: str) -> Ints:
    stated = [getattr(one.clause.terms, name, None) for one in placed]
    figures = [NO_CEILING if minor is None else minor for minor in stated]
    return np.array([*figures, NO_CEILING], dtype=np.int64)
