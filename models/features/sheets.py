"""Which entries belong to which sheet, so that a column of entries becomes one of items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Batch, EntryColumns, Flags, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The items of a batch that have entries, and where the entries of each begin."""

    entries: EntryColumns
    items: Ints
    starts: Ints
    size: int

    @property
    def count(self) -> Floats:
        """How many entries each sheet has."""
        return np.diff(np.append(self.starts, len(self.entries))).astype(np.float64)

    def share(self, is_counted: Flags) -> Floats:
        """Give the share of each sheet's entries that are counted."""
        share: Floats = np.add.reduceat(is_counted * 1.0, self.starts) / self.count
        return share

    def spread(self, column: Floats) -> Floats:
        """Give one value an item, unknown for items without entries."""
        wide = np.full(self.size, np.nan)
        wide[self.items] = column
        return wide


def sheets_of(batch: Batch) -> Sheets | None:
    """Give the sheets of a batch, None where no item has entries."""
    if not len(batch.entries):
        return None
    items = np.flatnonzero(np.diff(batch.first_entry))
    return Sheets(
        entries=batch.entries, items=items, starts=batch.first_entry[items], size=len(batch)
    )
