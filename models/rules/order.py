"""The order in which work counts, and running sums in it.

Work counts by work date, then by the time it was submitted, then by the id of its entry. Limits
are consumed in that order, whenever the entries reach us, so that a batch in any order and the
same items one by one consume alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Batch, EntryColumns, Ints

PAST = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Past and batch entries in the order they count.

    `early` are past rows before the first day of the batch, `near` those of its days; later past
    rows never count. Near rows and batch rows joined, in this sequence, are the joined rows.
    """

    early: Ints
    near: Ints
    rows: Ints
    """Joined rows in the order they count."""
    id_rank: Ints
    """For each joined row, its place by entry id."""
    item_rank: Ints
    """For each joined row, its place by item id; PAST for near rows, which come first."""

    @classmethod
    def of(cls, batch: Batch, *, past: EntryColumns) -> Order:
        """Sort the entries of a batch among those of the past."""
        entries = batch.entries
        if not len(entries):
            none = np.zeros(0, dtype=np.int64)
            return cls(early=none, near=none, rows=none, id_rank=none, item_rank=none)
        first, last = entries.work_day.min(), entries.work_day.max()
        near = np.flatnonzero((past.work_day >= first) & (past.work_day <= last))
        ids = np.concatenate((past.entry_id[near], entries.entry_id)).astype(np.str_)
        id_rank = np.unique(ids, return_inverse=True)[1]
        item_rank = np.concatenate((np.full(len(near), PAST), _rank_of_items(batch)[entries.item]))
        submitted = np.concatenate((past.submitted_us[near], entries.submitted_us))
        day = np.concatenate((past.work_day[near], entries.work_day))
        return cls(
            early=np.flatnonzero(past.work_day < first),
            near=near,
            rows=np.lexsort((item_rank, id_rank, submitted, day)),
            id_rank=id_rank,
            item_rank=item_rank,
        )

    def sum_before(self, *, group: Ints, amount: Ints, past_group: Ints, past_amount: Ints) -> Ints:
        """Sum `amount` over the entries of the same group that count before each batch entry."""
        groups, own = np.unique(group, return_inverse=True)
        early = _sums(groups, past_group[self.early], past_amount[self.early])
        near_group = _places(groups, past_group[self.near])
        all_groups = np.concatenate((near_group, own))[self.rows]
        all_amounts = np.concatenate((past_amount[self.near], amount))[self.rows]
        before = np.empty(len(self.rows), dtype=np.int64)
        before[self.rows] = _running_before(all_groups, all_amounts)
        return np.asarray(early[own] + before[len(self.near) :])


def _rank_of_items(batch: Batch) -> Ints:
    ids = [item.item_id for item in batch.items]
    rank = np.empty(len(ids), dtype=np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return rank


def _places(groups: Ints, group: Ints) -> Ints:
    """The place of each group in the sorted `groups`, or one past the end."""
    if not len(groups):
        return np.zeros(len(group), dtype=np.int64)
    place = np.searchsorted(groups, group)
    is_own = groups[np.minimum(place, len(groups) - 1)] == group
    return np.where(is_own, place, len(groups))


def _sums(groups: Ints, group: Ints, amount: Ints) -> Ints:
    totals = np.zeros(len(groups) + 1, dtype=np.int64)
    np.add.at(totals, _places(groups, group), amount)
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
