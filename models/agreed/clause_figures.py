"""Figures that clauses on single entries state, by the place of the clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from data.schemas.clauses import (
    BillingGuidelines,
    BillingIncrement,
    Rounding,
    TimelyBilling,
)
from data.schemas.contracts import Clause
from models.codes import UNKNOWN
from models.columns import Ints

ROUNDINGS = tuple(Rounding)
"""A way of rounding is coded by its place here."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFigures:
    """One column a figure; a clause that does not state it, and no clause at all, are UNKNOWN."""

    _cut_off_day: Ints
    _min_words: Ints
    _increment_minutes: Ints
    _rounding: Ints

    @classmethod
    def build(cls, clauses: Sequence[Clause]) -> ClauseFigures:
        """Compile the clauses in force, in the order of their places."""
        return cls(
            _cut_off_day=_column(clauses, TimelyBilling, lambda terms: terms.cut_off_day),
            _min_words=_column(clauses, BillingGuidelines, lambda terms: terms.min_words),
            _increment_minutes=_column(
                clauses, BillingIncrement, lambda terms: terms.increment_minutes
            ),
            _rounding=_column(
                clauses, BillingIncrement, lambda terms: ROUNDINGS.index(terms.rounding)
            ),
        )

    def cut_off_day(self, clause: Ints) -> Ints:
        """Give the day of the following month on which each timely-billing clause closes."""
        return self._cut_off_day[clause]

    def min_words(self, clause: Ints) -> Ints:
        """Give how many words each clause of billing guidelines asks for."""
        return self._min_words[clause]

    def increment_minutes(self, clause: Ints) -> Ints:
        """Give the billing increment of each clause."""
        return self._increment_minutes[clause]

    def rounding(self, clause: Ints) -> Ints:
        """Give how each clause of billing increments rounds, as a place in ROUNDINGS."""
        return self._rounding[clause]


def _column(clauses: Sequence[Clause], terms: type[T], read: Callable[[T], int | None]) -> Ints:
    """A figure by clause; one more row at the end answers for UNKNOWN, which is -1."""
    figures = [read(one.terms) if isinstance(one.terms, terms) else None for one in clauses]
    stated = [UNKNOWN if one is None else one for one in (*figures, None)]
    return np.array(stated, dtype=np.int64)
