"""How much of a ceiling was used before each entry, and how much the entry uses itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.agreed.ceilings import Level
from models.columns import Floats, Ints
from models.past.balances import Measure
from models.past.invoiced_elsewhere import InvoicedTime
from models.rules.amounts import shares_minor
from models.rules.facts import Facts
from models.timeline import PAIR_BITS, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One row for each entry and key of a level; an entry of several customers has several."""

    entry: Ints
    key: Ints
    before_minor: Ints
    """What the past and the batch used before the entry counts."""
    own_minor: Ints

    @property
    def with_entry_minor(self) -> Ints:
        """What is used with the entry."""
        return self.before_minor + self.own_minor


def use_of(level: Level, facts: Facts) -> Use:
    """Give the use of each key of a level."""
    moves = _Moves.of(facts)
    match level:
        case Level.LINE:
            return _whole(facts, moves, measure=Measure.LINE_MONEY, key=moves.line)
        case Level.CONTRACT:
            return _whole(facts, moves, measure=Measure.CONTRACT_MONEY, key=moves.contract)
        case Level.LINE_CUSTOMER | Level.CUSTOMER:
            return _of_customers(facts, moves, is_by_line=level is Level.LINE_CUSTOMER)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """What moves the money of lines: every entry, and before it what it takes the place of.

    An entry that was invoiced before it came to us replaces its invoice line, which may stand on
    another contract line. Replaced lines are listed first, the entries after them.
    """

    entry: Ints
    line: Ints
    contract: Ints
    amount_minor: Ints
    replaced: int
    """How many of the rows are replaced lines."""

    @classmethod
    def of(cls, facts: Facts) -> _Moves:
        entries = facts.entries
        replaced = facts.past.replaced_by(entries, order=facts.order.rows)
        given_up = [one for _, one in replaced]
        rows = np.array([row for row, _ in replaced], dtype=np.int64)
        return cls(
            entry=np.concatenate((rows, np.arange(len(entries)))),
            line=np.concatenate((_column(given_up, "line"), entries.line)),
            contract=np.concatenate((_column(given_up, "contract"), entries.contract)),
            amount_minor=np.concatenate((-_column(given_up, "amount_minor"), entries.amount_minor)),
            replaced=len(replaced),
        )

    def before(self, facts: Facts, measure: Measure, *, key: Ints) -> Ints:
        """What the key of each move holds before it."""
        if not self.replaced:
            return facts.used_before(measure)
        earlier = facts.order.sum_before_among(self.entry, group=key, amount=self.amount_minor)
        return facts.past.used(measure, key) + earlier


def _column(given_up: Sequence[InvoicedTime], name: str) -> Ints:
    return np.array([getattr(one, name) for one in given_up], dtype=np.int64)


def _whole(facts: Facts, moves: _Moves, *, measure: Measure, key: Ints) -> Use:
    before = moves.before(facts, measure, key=key)
    return Use(
        entry=moves.entry[moves.replaced :],
        key=key[moves.replaced :],
        before_minor=before[moves.replaced :],
        own_minor=moves.amount_minor[moves.replaced :],
    )


def _of_customers(facts: Facts, moves: _Moves, *, is_by_line: bool) -> Use:
    """Customers' parts are rounded on the line: what a move adds is what the rounded part grows."""
    parts = facts.terms.not_to_exceed.customers.parts(moves.line)
    of_line = moves.before(facts, Measure.LINE_MONEY, key=moves.line)[parts.row]
    before = _by_share(of_line, parts.share)
    growth = _by_share(of_line + moves.amount_minor[parts.row], parts.share) - before
    key = pair((moves.line if is_by_line else moves.contract)[parts.row], parts.client)
    if not is_by_line:
        # A customer's lines are rounded one by one, and what each move adds to its line adds up.
        entry = moves.entry[parts.row]
        earlier = facts.order.sum_before_among(entry, group=key, amount=growth)
        before = _past_of_customers(facts, key) + earlier
    is_entry = parts.row >= moves.replaced
    return Use(
        entry=moves.entry[parts.row[is_entry]],
        key=key[is_entry],
        before_minor=before[is_entry],
        own_minor=growth[is_entry],
    )


def _past_of_customers(facts: Facts, key: Ints) -> Ints:
    """What each customer bears of the past on all lines of the contract."""
    customers = facts.terms.not_to_exceed.customers
    distinct, place = np.unique(key, return_inverse=True)
    totals = np.zeros(len(distinct), dtype=np.int64)
    for row, one in enumerate(distinct.tolist()):
        lines = customers.lines(one >> PAIR_BITS, one & (1 << PAIR_BITS) - 1)
        past = facts.past.used(Measure.LINE_MONEY, np.array([line.code for line in lines]))
        totals[row] = _by_share(past, np.array([line.share for line in lines])).sum()
    return totals[place]


def _by_share(money_minor: Ints, share: Floats) -> Ints:
    """A share of each total, rounded half up."""
    result = money_minor.copy()
    for one in np.unique(share[share != 1.0]).tolist():
        rows = share == one
        result[rows] = shares_minor(money_minor[rows], share=one)
    return result
