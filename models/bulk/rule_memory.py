"""What rules alone need of the past, for streams of millions of entries in bounded memory.

It stands in for `models.past.history` where nothing is learned: no words, no habits, no objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from models.bulk.table_columns import texts_of
from models.codes import UNKNOWN, Codes
from models.columns import (
    ENTRY_FIELDS,
    TEXT_FIELDS,
    Batch,
    EntryColumns,
    Flags,
    Ints,
    entry_columns,
    expense_columns,
)
from models.past.balances import Balances
from models.past.history import Past
from models.past.invoiced_elsewhere import InvoicedElsewhere

COMPACT = {
    "person": np.int32,
    "task": np.int32,
    "work_day": np.int32,
    "minutes_worked": np.int16,
    "submitted_us": np.int64,
    "recorded_us": np.int64,
    "narrative_key": np.int64,
    "start_us": np.int64,
    "end_us": np.int64,
}
"""The columns by which work is recognised when it comes again, in the bytes they need."""
NEIGHBOUR_DAYS = 1
"""Work after midnight may overlap that of the day before."""
MOST_CELLS = 1 << 26
"""People times days that a batch may touch: 64 MB of flags, 10,000 people over 18 years."""


class RuleMemory:
    """Keeps sums, and of past entries what tells that they are handed in again.

    Items come once, in order of arrival, and stay; expenses and milestones are not kept.
    """

    def __init__(self, *, codes: Codes) -> None:
        self._codes = codes
        self._balances = Balances()
        self._chunks: list[_Chunk] = []

    def __len__(self) -> int:
        return sum(len(one.names) for one in self._chunks)

    def add_batch(self, batch: Batch) -> None:
        """Remember the entries of a batch."""
        self._balances.add_entries(batch.entries)
        self._chunks.append(_Chunk.of(batch.entries))

    def past(self, batch: Batch) -> Past:
        """Give what the batch may look at; its entries are those near it in person and day.

        Of them only the columns in COMPACT and their names are known.
        """
        none = np.zeros(0, dtype=np.int64)
        return Past(
            entries=self._near(batch.entries),
            expenses=expense_columns([]),
            billed_by={},
            billed_minor={},
            _balances=self._balances,
            _elsewhere=InvoicedElsewhere(self._balances, codes=self._codes),
            _own_entries=entry_columns([]),
            _own_expenses=expense_columns([]),
            _own_milestones=(none, none),
        )

    def _near(self, entries: EntryColumns) -> EntryColumns:
        if not self._chunks or not len(entries):
            return entry_columns([])
        wanted = _PersonDays.of(entries, people=len(self._codes.person))
        return _joined([part for one in self._chunks for part in one.near(wanted)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _PersonDays:
    """Flags by person and day: whose entries of which days the batch may repeat."""

    first_day: int
    width: int
    is_wanted: Flags

    @classmethod
    def of(cls, entries: EntryColumns, *, people: int) -> _PersonDays:
        first = int(entries.work_day.min()) - NEIGHBOUR_DAYS
        width = int(entries.work_day.max()) + NEIGHBOUR_DAYS - first + 1
        if people * width > MOST_CELLS:
            # Every day of whoever is in the batch: more rows than needed, in less memory.
            width = 0
        is_wanted = np.zeros(people * max(width, 1), dtype=np.bool_)
        if not width:
            is_wanted[entries.person] = True
            return cls(first_day=first, width=width, is_wanted=is_wanted)
        cell = entries.person * width + (entries.work_day - first)
        for shift in range(-NEIGHBOUR_DAYS, NEIGHBOUR_DAYS + 1):
            is_wanted[cell + shift] = True
        return cls(first_day=first, width=width, is_wanted=is_wanted)

    def rows(self, person: np.ndarray, day: np.ndarray) -> Ints:
        """Give the places of wanted rows."""
        if not self.width:
            return np.flatnonzero(self.is_wanted[person])
        shift = day.astype(np.int64) - self.first_day
        inside = np.flatnonzero((shift >= 0) & (shift < self.width))
        cell = person[inside].astype(np.int64) * self.width + shift[inside]
        found: Ints = inside[self.is_wanted[cell]]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """The entries of one batch, compact."""

    columns: dict[str, np.ndarray]
    names: pa.Array

    @classmethod
    def of(cls, entries: EntryColumns) -> _Chunk:
        columns = {name: getattr(entries, name).astype(kind) for name, kind in COMPACT.items()}
        return cls(columns=columns, names=pa.array(entries.entry_id, pa.large_string()))

    def near(self, wanted: _PersonDays) -> Iterator[EntryColumns]:
        """Give the wanted rows, if there are any."""
        rows = wanted.rows(self.columns["person"], self.columns["work_day"])
        if not len(rows):
            return
        unknown = np.full(len(rows), UNKNOWN, dtype=np.int64)
        columns = {
            name: self.columns[name][rows].astype(np.int64) if name in COMPACT else unknown
            for name in ENTRY_FIELDS
            if name not in TEXT_FIELDS
        }
        empty = np.full(len(rows), "", dtype=object)
        names = texts_of(self.names.take(pa.array(rows)))
        yield EntryColumns(**columns, entry_id=names, narrative=empty)


def _joined(parts: list[EntryColumns]) -> EntryColumns:
    if not parts:
        return entry_columns([])
    return EntryColumns(
        **{name: np.concatenate([getattr(one, name) for one in parts]) for name in ENTRY_FIELDS}
    )
