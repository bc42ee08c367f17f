"""Totals by key that a whole batch looks up at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Ints
from models.stable_order import stable_order

DAY_BITS = 18
"""Day numbers reach 2100-01-01 with 16 bits; two spare."""
CODE_BITS = 23
FEWEST_SORTED_FIRST = 65_536


def key(first: Ints, second: Ints, day: Ints | int = 0) -> Ints:
    """Pack two codes and a day into one sortable integer."""
    packed: Ints = (((first << CODE_BITS) | second) << DAY_BITS) | day
    return packed


def without_second(packed: Ints) -> Ints:
    """Give the key of the same first code and day, whatever the second code."""
    first = packed >> (CODE_BITS + DAY_BITS)
    day = packed & ((1 << DAY_BITS) - 1)
    return key(first, np.zeros_like(first), day)


@dataclass(frozen=True, slots=True)
class Sums:
    """Distinct keys in order, and the total of each."""

    keys: Ints
    totals: Ints

    @staticmethod
    def of(keys: Ints, values: Ints | None = None) -> Sums:
        """Add values by key; without values, count."""
        if len(keys) == 0:
            return Sums(keys, keys)
        order = stable_order(keys)
        ordered = keys[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
        if values is None:
            return Sums(ordered[starts], np.diff(starts, append=len(keys)))
        return Sums(ordered[starts], np.add.reduceat(values[order], starts))

    def at(self, wanted: Ints) -> Ints:
        """Give the total of each wanted key, 0 for one never seen."""
        if len(self.keys) == 0:
            return np.zeros(wanted.shape, dtype=np.int64)
        if wanted.size >= FEWEST_SORTED_FIRST and wanted.ndim == 1:
            return self._at_many(wanted)
        return self._at(wanted)

    def _at_many(self, wanted: Ints) -> Ints:
        """Search in order: a million searches all over large columns wait for memory."""
        order = stable_order(wanted)
        found = np.empty(len(wanted), dtype=np.int64)
        found[order] = self._at(wanted[order])
        return found

    def _at(self, wanted: Ints) -> Ints:
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: Ints = np.where(self.keys[place] == wanted, self.totals[place], 0)
        return found

    def count_between(self, low: Ints, high: Ints) -> Ints:
        """How many distinct keys lie in low <= key < high."""
        count: Ints = np.searchsorted(self.keys, high) - np.searchsorted(self.keys, low)
        return count
