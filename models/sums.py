"""Totals by key that a whole batch looks up at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Ints

DAY_BITS = 18
"""Day numbers reach 2100-01-01 with 16 bits; two spare."""
CODE_BITS = 23


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
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
        if values is None:
            return Sums(ordered[starts], np.diff(starts, append=len(keys)))
        return Sums(ordered[starts], np.add.reduceat(values[order], starts))

    def at(self, wanted: Ints) -> Ints:
        """Give the total of each wanted key, 0 for one never seen."""
        if len(self.keys) == 0:
            return np.zeros(wanted.shape, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: Ints = np.where(self.keys[place] == wanted, self.totals[place], 0)
        return found

    def count_between(self, low: Ints, high: Ints) -> Ints:
        """How many distinct keys lie in low <= key < high."""
        count: Ints = np.searchsorted(self.keys, high) - np.searchsorted(self.keys, low)
        return count
