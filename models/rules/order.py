"""The order in which work counts, and running sums in it.

What was accepted before counts first and in full, whatever day it was done on. Inside one batch
work counts by work date, then by the time it was submitted, then by the id of its entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Batch, EntryColumns, Ints

PAST = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The entries of a batch in the order they count, and those of the past on the same days.

    Near rows and batch rows joined, in this sequence, are the joined rows.
    """

    rows: Ints
    """Batch rows in the order they count."""
    near: Ints
    """Past rows on the days of the batch, where alone the same work may stand."""
    id_rank: Ints
    """For each joined row, its place by entry id."""
    item_rank: Ints
    """For each joined row, its place by item id; PAST for near rows, which come first."""

    @classmethod
    def of(cls, batch: Batch, *, past: EntryColumns) -> Order:
        """Sort the entries of a batch, and find those of the past they may repeat."""
        entries = batch.entries
        if not len(entries):
            none = np.zeros(0, dtype=np.int64)
            return cls(rows=none, near=none, id_rank=none, item_rank=none)
        first, last = entries.work_day.min(), entries.work_day.max()
        near = np.flatnonzero((past.work_day >= first) & (past.work_day <= last))
        ids = np.concatenate((past.entry_id[near], entries.entry_id)).astype(np.str_)
        id_rank = np.unique(ids, return_inverse=True)[1]
        own_item_rank = _rank_of_items(batch)[entries.item]
        own_id_rank = id_rank[len(near) :]
        return cls(
            rows=np.lexsort((own_item_rank, own_id_rank, entries.submitted_us, entries.work_day)),
            near=near,
            id_rank=id_rank,
            item_rank=np.concatenate((np.full(len(near), PAST), own_item_rank)),
        )

    def sum_before(self, *, group: Ints, amount: Ints, past_group: Ints, past_amount: Ints) -> Ints:
        """Sum `amount` over the same group: all of the past, and what the batch counts earlier."""
        groups, own = np.unique(group, return_inverse=True)
        before = np.empty(len(self.rows), dtype=np.int64)
        before[self.rows] = _running_before(own[self.rows], amount[self.rows])
        return np.asarray(_sums(groups, past_group, past_amount)[own] + before)


def _rank_of_items(batch: Batch) -> Ints:
    ids = [item.item_id for item in batch.items]
    rank = np.empty(len(ids), dtype=np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return rank


def _sums(groups: Ints, group: Ints, amount: Ints) -> Ints:
    """The total of each of the sorted `groups`; rows of any other group are left out."""
    totals = np.zeros(len(groups) + 1, dtype=np.int64)
    if len(groups):
        place = np.searchsorted(groups, group)
        is_own = groups[np.minimum(place, len(groups) - 1)] == group
        np.add.at(totals, np.where(is_own, place, len(groups)), amount)
    return totals[:-1]


def _running_before(group: Ints, amount: Ints) -> Ints:
    """Sum of the amounts of the same group in earlier rows."""
    by_group = np.argsort(group, kind="stable")
    ordered = group[by_group]
    total = np.cumsum(amount[by_group]) - amount[by_group]
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(ordered)), 0))
    before = np.empty(len(group), dtype=np.int64)
    before[by_group] = total - total[start]
    return before
