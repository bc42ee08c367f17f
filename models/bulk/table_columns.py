"""One column of an Arrow table as numpy numbers: names by their codes, days, moments, counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.codes import UNKNOWN, Codebook
from models.columns import Flags, Ints, Strings


class MissingColumnError(ValueError):
    """The table has no column {name}, or nothing stands in row {row} of it; it is required."""

    def __init__(self, name: str, *, row: int | None = None) -> None:
        where = "the table has no" if row is None else f"row {row} has nothing in the"
        super().__init__(
            f"{where} column {name!r}; it is required of time entries, see the guide bulk-check"
        )
        self.name = name
        self.row = row


class Columns:
    """The columns of one table, each read once; a column that may be left out reads as null."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def take(self, rows: Ints) -> Columns:
        """Give these rows alone, in this order."""
        return Columns(self._table.take(pa.array(rows)))

    def required(self, name: str) -> pa.Array:
        """Give a column that says something in every row. Raises MissingColumnError."""
        column = self.optional(name)
        if column is None:
            raise MissingColumnError(name)
        if column.null_count:
            raise MissingColumnError(name, row=int(np.flatnonzero(_is_null(column))[0]))
        return column

    def optional(self, name: str) -> pa.Array | None:
        """Give a column, or None where the table has none."""
        if name not in self._table.column_names:
            return None
        return _one_array(self._table.column(name))

    def codes(self, name: str, codebook: Codebook) -> Ints:
        """Give the names of a required column as codes, new names in the order they come."""
        return _codes(self.required(name), codebook.code)

    def optional_codes(self, name: str, codebook: Codebook) -> Ints:
        """The same where nothing may be said: then UNKNOWN."""
        column = self.optional(name)
        if column is None:
            return np.full(len(self), UNKNOWN, dtype=np.int64)
        return _codes(column, codebook.code)

    def places(self, name: str) -> tuple[Ints, list[str]]:
        """Give a required column as places in its distinct names, in the order they come."""
        return _places(self.required(name))

    def optional_places(self, name: str) -> tuple[Ints, list[str]]:
        """The same where nothing may be said: then UNKNOWN."""
        column = self.optional(name)
        if column is None:
            return np.full(len(self), UNKNOWN, dtype=np.int64), []
        return _places(column)

    def numbers(self, name: str) -> Ints:
        """Give a required column of whole numbers."""
        return _int64(self.required(name).cast(pa.int64()))

    def optional_numbers(self, name: str, *, missing: int = UNKNOWN) -> Ints:
        """The same where nothing may be said."""
        column = self.optional(name)
        if column is None:
            return np.full(len(self), missing, dtype=np.int64)
        return _int64(column.cast(pa.int64()).fill_null(missing))

    def days(self, name: str) -> Ints:
        """Give a required column of dates as day numbers."""
        return _int64(self.required(name).cast(pa.date32()).cast(pa.int32()).cast(pa.int64()))

    def moments(self, name: str) -> Ints:
        """Give a required column of UTC moments as microseconds."""
        return _int64(_moments(self.required(name)))

    def optional_moments(self, name: str) -> Ints:
        """The same where nothing may be said: then UNKNOWN."""
        column = self.optional(name)
        if column is None:
            return np.full(len(self), UNKNOWN, dtype=np.int64)
        return _int64(_moments(column).fill_null(UNKNOWN))

    def texts(self, name: str) -> Strings:
        """Give a required column of texts as they stand."""
        return texts_of(self.required(name))

    def has_text(self, name: str) -> Flags:
        """Say where a column that may be left out says something."""
        column = self.optional(name)
        if column is None or column.null_count == len(column):
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(texts_of(column) != "", dtype=np.bool_)


def texts_of(column: pa.Array) -> Strings:
    """Give the texts of an array; each distinct one is made once where the array is encoded."""
    if pa.types.is_dictionary(column.type):
        places, names = _places(column)
        # The last place answers for null, which is -1.
        return np.array([*names, ""], dtype=object)[places]
    filled = column.cast(pa.large_string()).fill_null("")
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=object)


def distinct_pairs(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Give the place of each pair among the distinct ones, and the row that first shows each."""
    width = int(second.max(initial=0)) + 1
    encoded = pa.array(first * width + second).dictionary_encode()
    place = _int64(encoded.indices.cast(pa.int64()))
    rows = np.zeros(len(encoded.dictionary), dtype=np.int64)
    rows[place[::-1]] = np.arange(len(place))[::-1]
    return place, rows


def _codes(column: pa.Array, code: Callable[[str], int]) -> Ints:
    places, names = _places(column)
    codes = [code(name) for name in names]
    # The last place answers for null, which is -1.
    return np.array([*codes, UNKNOWN], dtype=np.int64)[places]


def encoded(column: pa.Array) -> tuple[Ints, pa.Array]:
    """Give the place of each text among the distinct ones, -1 for null, and those in order."""
    if pa.types.is_dictionary(column.type):
        indices = column.indices.dictionary_encode()
        # A dictionary may hold many more names than these rows show.
        names = column.dictionary.take(indices.dictionary.drop_null()).cast(pa.large_string())
    else:
        indices = column.cast(pa.large_string()).dictionary_encode()
        names = indices.dictionary
    return _int64(indices.indices.fill_null(-1).cast(pa.int64())), names


def _places(column: pa.Array) -> tuple[Ints, list[str]]:
    places, names = encoded(column)
    return places, names.to_pylist()


def _moments(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type) or pa.types.is_integer(column.type):
        return column.cast(pa.timestamp("us", tz="UTC"), safe=False).cast(pa.int64())
    return column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        return joined.cast(pa.large_string()).combine_chunks()
    return joined


def _is_null(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _int64(column: pa.Array) -> Ints:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)
