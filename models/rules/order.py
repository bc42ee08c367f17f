"""The counting order of rows, and running sums in it.

What was accepted before counts first and in full, whatever day it belongs to. Inside one batch
rows count by the time their item was submitted, then by item id, day, time of recording and row
id: who hands in first uses up first, so that a stream of arrivals may be cut into batches anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Batch, EntryColumns, ExpenseColumns, Ints
from models.stable_order import order_by, stable_order

Rows = EntryColumns | ExpenseColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The rows of a batch in the order they count, and those of the past on the same days.

    Near rows and batch rows joined, in this sequence, are the joined rows.
    """

    rows: Ints
    """Batch rows in the order they count."""
    near: Ints
    """Past rows on the days of the batch, where alone the same work may stand."""
    rank: Ints
    """For each joined row, its place in the counting order; near rows come first."""

    @classmethod
    def of(cls, rows: Rows, *, past: Rows, batch: Batch) -> Order:
        """Sort the rows of a batch, and find those of the past they may repeat."""
        if not len(rows):
            none = np.zeros(0, dtype=np.int64)
            return cls(rows=none, near=none, rank=none)
        first, last = rows.day.min(), rows.day.max()
        near = np.flatnonzero((past.day >= first) & (past.day <= last))
        near = near[_counting_order(past.take(near), item_rank=past.submitted_us[near])]
        own = _counting_order(rows, item_rank=_rank_of_items(batch)[rows.item])
        rank = np.empty(len(near) + len(own), dtype=np.int64)
        rank[: len(near)] = np.arange(len(near))
        rank[len(near) + own] = np.arange(len(near), len(rank))
        return cls(rows=own, near=near, rank=rank)

    def sum_before(self, group: Ints, amount: Ints) -> Ints:
        """Sum `amount` over what the batch counts earlier in the same group."""
        before = np.empty(len(self.rows), dtype=np.int64)
        before[self.rows] = _running_before(group[self.rows], amount[self.rows])
        return before

    def sum_before_among(self, rows: Ints, *, group: Ints, amount: Ints) -> Ints:
        """The same for `rows` of the batch alone, of which one may stand in several groups."""
        place = np.empty(len(self.rows), dtype=np.int64)
        place[self.rows] = np.arange(len(self.rows))
        counted = np.argsort(place[rows], kind="stable")
        before = np.empty(len(rows), dtype=np.int64)
        before[counted] = _running_before(group[counted], amount[counted])
        return before


def _counting_order(rows: Rows, *, item_rank: Ints) -> Ints:
    """Sort rows; the rank of an item says when it was submitted, and breaks ties by its id."""
    return order_by(item_rank, rows.day, rows.recorded_us, names=rows.row_id)


def _rank_of_items(batch: Batch) -> Ints:
    rank = np.empty(len(batch), dtype=np.int64)
    rank[order_by(batch.submitted_us, names=batch.item_id)] = np.arange(len(batch))
    return rank


def _running_before(group: Ints, amount: Ints) -> Ints:
    """Sum of the amounts of the same group in earlier rows."""
    by_group = stable_order(group)
    ordered = group[by_group]
    total = np.cumsum(amount[by_group]) - amount[by_group]
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(ordered)), 0))
    before = np.empty(len(group), dtype=np.int64)
    before[by_group] = total - total[start]
    return before
