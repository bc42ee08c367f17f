"""A running sum for each of many keys: millions in sorted columns, the latest few beside them."""

from __future__ import annotations

import numpy as np

from models.columns import Ints
from models.sums import Sums

MOST_ADDED_ONE_BY_ONE = 64
"""More rows than this are merged at once; fewer wait in a dictionary, which one item fills."""
FEWEST_WAITING = 4_096
WAITING_SHARE = 8
"""Waiting keys are merged when they are an eighth of those in columns, so merging stays cheap."""


class RunningTotals:
    """The sum of every key so far."""

    def __init__(self) -> None:
        none = np.zeros(0, dtype=np.int64)
        self._merged = Sums(none, none)
        self._waiting: dict[int, int] = {}

    def add(self, keys: Ints, amounts: Ints) -> None:
        """Add an amount to each key; a key may stand more than once."""
        if len(keys) > MOST_ADDED_ONE_BY_ONE:
            self._merge(Sums.of(keys, amounts))
            return
        for key, amount in zip(keys.tolist(), amounts.tolist(), strict=True):
            self._waiting[key] = self._waiting.get(key, 0) + amount
        if len(self._waiting) > max(FEWEST_WAITING, len(self._merged.keys) // WAITING_SHARE):
            waiting, self._waiting = _sums(self._waiting), {}
            self._merge(waiting)

    def at(self, keys: Ints) -> Ints:
        """Give the sum of each key, 0 for one never seen."""
        found = self._merged.at(keys)
        if not self._waiting:
            return found
        if len(keys) > len(self._waiting):
            return found + _sums(self._waiting).at(keys)
        waiting = [self._waiting.get(key, 0) for key in keys.ravel().tolist()]
        return found + np.array(waiting, dtype=np.int64).reshape(keys.shape)

    def _merge(self, added: Sums) -> None:
        keys, totals = self._merged.keys, self._merged.totals
        place = np.searchsorted(keys, added.keys)
        if len(keys):
            is_known = keys[np.minimum(place, len(keys) - 1)] == added.keys
        else:
            is_known = np.zeros(len(added.keys), dtype=np.bool_)
        totals = totals.copy()
        totals[place[is_known]] += added.totals[is_known]
        is_new = ~is_known
        self._merged = Sums(
            np.insert(keys, place[is_new], added.keys[is_new]),
            np.insert(totals, place[is_new], added.totals[is_new]),
        )


def _sums(totals: dict[int, int]) -> Sums:
    count = len(totals)
    keys = np.fromiter(totals.keys(), dtype=np.int64, count=count)
    return Sums.of(keys, np.fromiter(totals.values(), dtype=np.int64, count=count))
