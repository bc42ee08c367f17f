"""Rows known so far, as growing columns: found again by person, contract or item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from models.codes import UNKNOWN
from models.columns import TEXT_FIELDS, EntryColumns, ExpenseColumns, Flags, Ints
from models.past.places_by_code import PlacesByCode

FIRST_CAPACITY = 1_024
MOST_CODES_ONE_BY_ONE = 256
"""From so many people or contracts on it is faster to look at every row once."""


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
        self._of_person = PlacesByCode()
        self._of_contract = PlacesByCode()

    def __len__(self) -> int:
        return self._size

    def append(
        self, items: Sequence[str], rows: EntryColumns | ExpenseColumns, *, first: Ints
    ) -> None:
        """Keep the rows of items; item i owns rows first[i] to first[i + 1]."""
        start, stop = self._size, self._size + len(rows)
        self._grow(stop)
        for name, column in self._columns.items():
            column[start:stop] = getattr(rows, name)
        self._columns["item"][start:stop] = UNKNOWN
        self._is_live[start:stop] = True
        self._size = stop
        bounds = (first + start).tolist()
        for name, low, high in zip(items, bounds[:-1], bounds[1:], strict=True):
            if low < high:
                self._of_item[name] = range(low, high)
        self._of_person.append(rows.person, start=start)
        self._of_contract.append(rows.contract, start=start)

    def retire(self, item_id: str) -> Ints:
        """Let an item's rows count no longer; give their places."""
        places = np.array(self._of_item.pop(item_id, ()), dtype=np.int64)
        self._is_live[places] = False
        return places

    def of_items(self, item_ids: Iterable[str]) -> Ints:
        """Give the places of the live rows of items."""
        if not self._of_item:
            return np.zeros(0, dtype=np.int64)
        places = [place for one in item_ids for place in self._of_item.get(one, ())]
        return np.array(places, dtype=np.int64)

    def items_at(self, places: Ints) -> list[str]:
        """Give the item of each live place."""
        items = list(self._of_item)
        # Items stand in the order their rows were appended.
        first = np.array([own.start for own in self._of_item.values()], dtype=np.int64)
        own = np.searchsorted(first, places, side="right") - 1
        return [items[place] for place in own.tolist()]

    def of_people(self, person: Ints) -> Ints:
        """Give the places of the live rows of these people, in order."""
        return self._live(person, column="person", places=self._of_person)

    def of_contracts(self, contract: Ints) -> Ints:
        """Give the places of the live rows of these contracts, in order."""
        return self._live(contract, column="contract", places=self._of_contract)

    def columns(self, places: Ints) -> dict[str, np.ndarray]:
        """Give the rows at these places, column by column."""
        return {name: column[: self._size][places] for name, column in self._columns.items()}

    def _live(self, codes: Ints, *, column: str, places: PlacesByCode) -> Ints:
        if not self._size:
            return np.zeros(0, dtype=np.int64)
        distinct = np.unique(codes)
        if len(distinct) > MOST_CODES_ONE_BY_ONE:
            is_wanted = _mask(self._columns[column][: self._size], wanted=distinct)
            return np.flatnonzero(is_wanted & self._is_live[: self._size])
        rows = places.of(distinct)
        return rows[self._is_live[rows]]

    def _grow(self, needed: int) -> None:
        capacity = len(self._is_live)
        if needed <= capacity:
            return
        wanted = max(needed, 2 * capacity)
        self._columns = {name: _resized(column, wanted) for name, column in self._columns.items()}
        self._is_live = _resized(self._is_live, wanted)


def _mask(column: Ints, *, wanted: Ints) -> Flags:
    is_wanted = np.zeros(max(int(column.max()), int(wanted[-1])) + 1, dtype=np.bool_)
    is_wanted[wanted[wanted >= 0]] = True
    return is_wanted[column]


def _resized(column: np.ndarray, capacity: int) -> np.ndarray:
    larger = np.zeros(capacity, dtype=column.dtype)
    larger[: len(column)] = column
    return larger
