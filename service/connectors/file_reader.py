"""Rows out of a file of any format, joined where the mapping says so; streamed, none is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from service.connectors.file_csv import csv_rows
from service.connectors.file_json import json_rows, ndjson_rows
from service.connectors.file_layout import FileFormat, Join, Layout
from service.connectors.file_limits import DEFAULT_LIMITS, ReadingLimits
from service.connectors.file_rows import FileNote, FileRow, ReadRow, UnreadableFileError, given_back


def read_rows(
    path: Path, *, layout: Layout, wanted: Set[str], limits: ReadingLimits = DEFAULT_LIMITS
) -> Iterator[ReadRow]:
    """Give every row of a file, or why it is given back, in the order of the file.

    `wanted` are the columns that the mapping names. Raises UnreadableFileError.
    """
    rows = _counted(path, _rows(path, layout=layout, wanted=wanted, limits=limits), limits=limits)
    if layout.join is None:
        return rows
    return _joined(rows, folder=path.parent, join=layout.join, limits=limits)


def _rows(
    path: Path, *, layout: Layout, wanted: Set[str], limits: ReadingLimits
) -> Iterator[ReadRow]:
    mark = layout.decimal_mark
    match layout.format:
        case FileFormat.CSV:
            return csv_rows(
                path, encoding=layout.encoding, delimiter=layout.delimiter, limits=limits
            )
        case FileFormat.JSON:
            return json_rows(path, encoding=layout.encoding, decimal_mark=mark, limits=limits)
        case FileFormat.NDJSON:
            return ndjson_rows(path, encoding=layout.encoding, decimal_mark=mark, limits=limits)
        case FileFormat.XLSX:
            # The libraries of spreadsheets and Parquet are heavy: only their files pay for them.
            from service.connectors.file_xlsx import xlsx_rows  # noqa: PLC0415

            return xlsx_rows(
                path, sheet=layout.sheet, decimal_mark=mark, wanted=wanted, limits=limits
            )
        case FileFormat.PARQUET:
            from service.connectors.file_parquet import parquet_rows  # noqa: PLC0415

            return parquet_rows(path, decimal_mark=mark, limits=limits)


def _counted(
    path: Path, rows: Iterable[ReadRow], *, limits: ReadingLimits
) -> Iterator[ReadRow]:  # fmt: skip
    count = 0
    for row in rows:
        count += not isinstance(row, FileNote)
        if count > limits.rows:
            raise UnreadableFileError(
                path,
                f"holds more than the {limits.rows:,} rows allowed; split it, or raise "
                "COUNTERSIGN_IMPORT_MAX_ROWS",
            )
        yield row


def _joined(
    rows: Iterable[ReadRow], *, folder: Path, join: Join, limits: ReadingLimits
) -> Iterator[ReadRow]:
    partners = _partners(folder / join.file, join=join, limits=limits)
    for row in rows:
        if not isinstance(row, FileRow):
            yield row
            continue
        key = row.cells.get(join.on, "")
        found = partners.get(key, [])
        if len(found) == 1:
            yield FileRow(number=row.number, cells=found[0] | row.cells)
        else:
            reason = f"has {len(found) or 'no'} partner rows in {join.file}; it needs exactly one"
            yield given_back(row.number, field=join.on, value=key, reason=reason, cells=row.cells)


def _partners(
    path: Path, *, join: Join, limits: ReadingLimits
) -> dict[str, list[dict[str, str]]]:  # fmt: skip
    """The different rows of the second file by key; equal repeats count as one."""
    partners: dict[str, list[dict[str, str]]] = {}
    rows = csv_rows(path, encoding=join.encoding, delimiter=join.delimiter, limits=limits)
    for row in _counted(path, rows, limits=limits):
        if not isinstance(row, FileRow):
            continue
        if join.on not in row.cells:
            reason = f"has no column {join.on!r} to join on; it has {', '.join(row.cells)}"
            raise UnreadableFileError(path, reason)
        found = partners.setdefault(row.cells[join.on], [])
        if row.cells not in found:
            found.append(row.cells)
    return partners
