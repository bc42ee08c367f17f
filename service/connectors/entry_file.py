"""A Parquet file of time entries, read in parts of bounded size and in order of arrival."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS_AT_ONCE = 125_000
"""Small enough that the first rules soon have work, and that their columns stay near the core."""
MOST_SORTED_ROWS = 5_000_000
"""A file that is not in order of arrival is sorted in memory up to this size."""
FEW_NAMES = frozenset({
    "source", "person_id", "contract_id", "line_id", "currency", "zone", "project_id", "task_id",
    "labor_category", "activity", "location", "change_order_id", "approved_by",
    "client_approved_by",
})  # fmt: skip
"""Texts that come again and again: as they are encoded in the file they need not be unpacked."""


class UnsortedFileError(ValueError):
    """A file too large to sort in memory does not stand in order of arrival."""

    def __init__(self, file: Path, *, rows: int) -> None:
        super().__init__(
            f"{file} has {rows:,} rows that do not stand in order of submitted_at; up to "
            f"{MOST_SORTED_ROWS:,} are sorted here; sort the file by submitted_at and try again"
        )


class NotParquetError(ValueError):
    """A file is no Parquet file, or none of time entries."""

    def __init__(self, file: Path, *, reason: str) -> None:
        super().__init__(
            f"{file} {reason}; write time entries as Parquet, see the guide bulk-check"
        )


def entry_tables(file: Path) -> Iterator[pa.Table]:
    """Give the rows in order of submitted_at. Raises NotParquetError and UnsortedFileError."""
    source = _opened(file)
    if _is_sorted(source):
        for batch in source.iter_batches(batch_size=ROWS_AT_ONCE):
            yield pa.Table.from_batches([batch])
        return
    rows = source.metadata.num_rows
    if rows > MOST_SORTED_ROWS:
        raise UnsortedFileError(file, rows=rows)
    table = source.read().sort_by("submitted_at")
    for start in range(0, rows, ROWS_AT_ONCE):
        yield table.slice(start, ROWS_AT_ONCE)


def _opened(file: Path) -> pq.ParquetFile:
    try:
        names = pq.read_schema(file).names
    except pa.ArrowInvalid as error:
        raise NotParquetError(file, reason="is no Parquet file") from error
    if "submitted_at" not in names:
        raise NotParquetError(file, reason="has no column 'submitted_at'")
    return pq.ParquetFile(file, read_dictionary=sorted(FEW_NAMES.intersection(names)))


def _is_sorted(source: pq.ParquetFile) -> bool:
    latest: int | None = None
    for batch in source.iter_batches(batch_size=ROWS_AT_ONCE, columns=["submitted_at"]):
        moments = batch.column(0).cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
        if (latest is not None and moments[0] < latest) or (np.diff(moments) < 0).any():
            return False
        latest = int(moments[-1])
    return True
