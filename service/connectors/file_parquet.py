"""Rows out of Parquet, a few thousand at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from service.connectors.file_limits import ReadingLimits
from service.connectors.file_numbers import number_text
from service.connectors.file_rows import ReadRow, UnreadableFileError, checked, header_of

ROWS_AT_ONCE = 4_096


def parquet_rows(path: Path, *, decimal_mark: str, limits: ReadingLimits) -> Iterator[ReadRow]:
    """Give every row; the first is row 1, for Parquet has no header row."""
    try:
        with pq.ParquetFile(path) as file:
            _refuse_large(path, file=file, limits=limits)
            header = header_of(path, file.schema_arrow.names, most_columns=limits.columns)
            number = 0
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False):
                columns = [batch.column(place).to_pylist() for place in range(len(header))]
                for values in zip(*columns, strict=True):
                    number += 1
                    texts = (_text(value, decimal_mark=decimal_mark) for value in values)
                    yield checked(
                        number,
                        cells=dict(zip(header, texts, strict=True)),
                        most_characters=limits.cell_characters,
                    )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        told = str(error).split("\n")[0][:200]
        reason = f"is no readable Parquet file: {told}; is it cut off? Export it again"
        raise UnreadableFileError(path, reason) from error


def _refuse_large(path: Path, *, file: pq.ParquetFile, limits: ReadingLimits) -> None:
    about = file.metadata
    if about.num_rows > limits.rows:
        reason = f"holds {about.num_rows:,} rows, more than the {limits.rows:,} allowed; split it"
        raise UnreadableFileError(path, f"{reason}, or raise COUNTERSIGN_IMPORT_MAX_ROWS")
    unzipped = sum(about.row_group(one).total_byte_size for one in range(about.num_row_groups))
    if unzipped > limits.unzipped_bytes:
        raise UnreadableFileError(
            path,
            f"holds {unzipped:,} bytes when unzipped, more than the {limits.unzipped_bytes:,} "
            "allowed; split it, or raise COUNTERSIGN_IMPORT_MAX_UNZIPPED_BYTES",
        )


def _text(value: object, *, decimal_mark: str) -> str:
    if isinstance(value, timedelta):
        value = value.total_seconds()
    match value:
        case None | str():
            return value or ""
        case float():
            return number_text(value, decimal_mark=decimal_mark)
        case Decimal():
            return f"{value:f}".replace(".", decimal_mark)
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return json.dumps(value, default=str)
