"""Rows known so far, as growing columns: found again by person, contract or item."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.columns import TEXT_FIELDS, UNKNOWN, EntryColumns, ExpenseColumns, Ints

FIRST_CAPACITY = 1_024


class RowStore:
    """The rows of one kind that count; a retired item's rows stay and count no longer."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._size = 0
        self._columns = {
            name: np.empty(FIRST_CAPACITY, dtype=object if name in TEXT_FIELDS else np.int64)
            for name in fields
        }
        self._is_live = np.zeros(FIRST_CAPACITY, dtype=np.bool_)
        self._of_item: dict[str, range] = {}
        self._of_person: dict[int, list[int]] = {}
        self._of_contract: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return self._size

    def append(self, item_id: str, rows: EntryColumns | ExpenseColumns) -> None:
        """Keep the rows of one item."""
        count = len(rows)
        self._grow(self._size + count)
        places = range(self._size, self._size + count)
        for name, column in self._columns.items():
            column[places.start : places.stop] = getattr(rows, name)
        self._columns["item"][places.start : places.stop] = UNKNOWN
        self._is_live[places.start : places.stop] = True
        self._size = places.stop
        self._of_item[item_id] = places
        for place in places:
            person, contract = self._columns["person"][place], self._columns["contract"][place]
            self._of_person.setdefault(int(person), []).append(place)
            self._of_contract.setdefault(int(contract), []).append(place)

    def retire(self, item_id: str) -> Ints:
        """Let an item's rows count no longer; give their places."""
        places = np.array(self._of_item.pop(item_id, ()), dtype=np.int64)
        self._is_live[places] = False
        return places

    def of_items(self, item_ids: Iterable[str]) -> Ints:
        """Give the places of the live rows of items."""
        places = [place for one in item_ids for place in self._of_item.get(one, ())]
        return np.array(places, dtype=np.int64)

    def near(self, *, person: Ints, contract: Ints) -> Ints:
        """Give the places of the live rows of these people and contracts, in order."""
        found: set[int] = set()
        for codes, places in ((person, self._of_person), (contract, self._of_contract)):
            for code in set(codes.tolist()):
                found.update(places.get(code, ()))
        rows = np.fromiter(found, dtype=np.int64, count=len(found))
        rows.sort()
        return rows[self._is_live[rows]]

    def columns(self, places: Ints) -> dict[str, np.ndarray]:
        """Give the rows at these places, column by column."""
        return {name: column[: self._size][places] for name, column in self._columns.items()}

    def _grow(self, needed: int) -> None:
        capacity = len(self._is_live)
        if needed <= capacity:
            return
        wanted = max(needed, 2 * capacity)
        self._columns = {name: _resized(column, wanted) for name, column in self._columns.items()}
        self._is_live = _resized(self._is_live, wanted)


def _resized(column: np.ndarray, capacity: int) -> np.ndarray:
    larger = np.zeros(capacity, dtype=column.dtype)
    larger[: len(column)] = column
    return larger
