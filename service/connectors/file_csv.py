"""Rows out of CSV: strict about quotes and the number of cells, patient about everything else."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from service.connectors.file_layout import AUTO
from service.connectors.file_limits import ReadingLimits
from service.connectors.file_rows import (
    FileNote,
    ReadRow,
    UnreadableFileError,
    checked,
    given_back,
    header_of,
)
from service.connectors.file_text import encoding_of, lines_of
from service.connectors.shown_text import shown

SEPARATORS = (",", ";", "\t", "|")
LINES_LOOKED_AT = 20


def csv_rows(
    path: Path, *, encoding: str, delimiter: str, limits: ReadingLimits
) -> Iterator[ReadRow]:
    """Give every row of a CSV file under the names of its first row."""
    encoding, note = encoding_of(path, asked=encoding)
    if note:
        yield note
    lines = lines_of(path, encoding=encoding)
    if delimiter == AUTO:
        first = list(islice(lines, LINES_LOOKED_AT))
        delimiter, lines = separator_of(first), chain(first, lines)
        yield FileNote(text=f"{path.name} has its cells separated by {delimiter!r}")
    yield from _rows(path, lines=lines, delimiter=delimiter, limits=limits)


def separator_of(lines: list[str]) -> str:
    """Give the separator that cuts the most lines into equally many cells, more than one."""
    return max(SEPARATORS, key=lambda mark: _agreement(lines, mark=mark))


def _agreement(lines: list[str], *, mark: str) -> tuple[int, int]:
    try:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=mark) if cells]
    except csv.Error:
        return 0, 0
    first = counts[0] if counts else 0
    return (counts.count(first), first) if first > 1 else (0, 0)


def _rows(
    path: Path, *, lines: Iterable[str], delimiter: str, limits: ReadingLimits
) -> Iterator[ReadRow]:
    csv.field_size_limit(limits.cell_characters)
    reader = csv.reader(
        (line.replace("\0", "\ufffd") for line in lines), delimiter=delimiter, strict=True
    )
    header = header_of(path, _first_row(path, reader=reader), most_columns=limits.columns)
    _refuse_one_column(path, header=header, delimiter=delimiter)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"is no CSV near line {reader.line_num}: {error}; check the quotes"
            yield given_back(number, field="(row)", value="", reason=reason)
            continue
        if cells:
            yield _row(number, cells=cells, header=header, limits=limits)


def _first_row(path: Path, *, reader: Any) -> list[str]:  # noqa: ANN401 - csv names no reader type
    try:
        names: list[str] = next(reader)
    except StopIteration:
        reason = "is empty; the first row names the columns"
        raise UnreadableFileError(path, reason) from None
    except csv.Error as error:
        reason = f"has no readable first row: {error}; check the quotes in row 1"
        raise UnreadableFileError(path, reason) from error
    return names


def _refuse_one_column(path: Path, *, header: list[str], delimiter: str) -> None:
    if len(header) > 1:
        return
    mark = max(SEPARATORS, key=header[0].count)
    if mark != delimiter and mark in header[0]:
        raise UnreadableFileError(
            path,
            f"names one column in row 1, {shown(header[0])!r}, when cut at {delimiter!r}; if "
            f'{mark!r} parts the cells, write `delimiter: "{mark}"` in the mapping',
        )


def _row(
    number: int, *, cells: list[str], header: list[str], limits: ReadingLimits
) -> ReadRow:  # fmt: skip
    extra = cells[len(header) :]
    if len(cells) < len(header) or any(extra):
        reason = (
            f"has {len(cells)} cells where the first row names {len(header)} columns; "
            "check quotes and separators"
        )
        known = dict(zip(header, cells, strict=False))
        return given_back(number, field="(row)", value=",".join(cells), reason=reason, cells=known)
    named = dict(zip(header, cells, strict=False))
    return checked(number, cells=named, most_characters=limits.cell_characters)
