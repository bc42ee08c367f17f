"""Rows out of XLSX: values only, each told as text; what is no value gives its row back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence, Set
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from service.connectors.file_limits import ReadingLimits
from service.connectors.file_numbers import number_text
from service.connectors.file_rows import (
    FileNote,
    GivenBack,
    ReadRow,
    UnreadableFileError,
    checked,
    given_back,
    header_of,
)
from service.connectors.file_zip import refuse_dangerous

SECONDS_PER_HOUR, SECONDS_PER_MINUTE = 3_600, 60
DAMAGE = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError,
          IndexError, AttributeError, OSError, EOFError)  # fmt: skip
"""What openpyxl raises on a workbook that is none."""


def xlsx_rows(
    path: Path,
    *,
    sheet: str | None,
    decimal_mark: str,
    wanted: Set[str],
    limits: ReadingLimits,
) -> Iterator[ReadRow]:
    """Give every row of one sheet under the names of its first row.

    A formula or an error in a `wanted` column gives its row back: what it shows is not stored.
    """
    refuse_dangerous(path, limits=limits)
    with path.open("rb") as file:
        found, note = _sheet(path, book=_book(path, file=file), name=sheet)
        if note:
            yield note
        # What a sheet says of its size may be wrong or missing: its rows are counted as they come.
        found.reset_dimensions()
        rows = _rows_of_cells(path, sheet=found)
        names = [_text(cell, decimal_mark=decimal_mark) for cell in next(rows, ())]
        if not names:
            reason = f"has an empty sheet {found.title!r}; name the one to read"
            raise UnreadableFileError(path, reason)
        header = header_of(path, names, most_columns=limits.columns)
        yield from _rows(path, rows, header=header, mark=decimal_mark, wanted=wanted, limits=limits)


def _book(path: Path, *, file: BinaryIO) -> Any:  # noqa: ANN401 - openpyxl's books
    try:
        return load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except DAMAGE as error:
        raise _damaged(path, error) from error


def _rows(
    path: Path,
    rows: Iterator[Sequence[Any]],
    *,
    header: list[str],
    mark: str,
    wanted: Set[str],
    limits: ReadingLimits,
) -> Iterator[ReadRow]:
    empty = 0
    for number, row in enumerate(rows, start=2):
        if all(cell.value is None for cell in row):
            empty += 1
            continue
        if empty > limits.empty_rows:
            raise UnreadableFileError(
                path,
                f"has a cell in row {number} that stands far from the others, after {empty} empty "
                "rows; delete the rows below the table",
            )
        empty = 0
        yield _row(number, row=row, header=header, mark=mark, wanted=wanted, limits=limits)


def _row(
    number: int,
    *,
    row: Sequence[Any],
    header: list[str],
    mark: str,
    wanted: Set[str],
    limits: ReadingLimits,
) -> ReadRow:
    texts = [_text(cell, decimal_mark=mark) for cell in row]
    texts += [""] * (len(header) - len(texts))
    cells = dict(zip(header, texts, strict=False))
    for place, text in enumerate(texts[len(header) :], start=len(header) + 1):
        if text:
            reason = "stands in a column that row 1 does not name; name the column, or delete it"
            where = f"{get_column_letter(place)}{number}"
            return given_back(number, field=where, value=text, reason=reason, cells=cells)
    for cell, name in zip(row, header, strict=False):
        if name in wanted and (refused := _refused(number, cell=cell, name=name, cells=cells)):
            return refused
    return checked(number, cells=cells, most_characters=limits.cell_characters)


def _refused(number: int, *, cell: Any, name: str, cells: dict[str, str]) -> GivenBack | None:  # noqa: ANN401 - openpyxl's cells
    match cell.data_type:
        case "f":
            reason = "is a formula; copy the column and paste it as values"
            return given_back(number, field=name, value=cell.value, reason=reason, cells=cells)
        case "e":
            reason = "is an error of the spreadsheet; correct the cell"
            return given_back(number, field=name, value=cell.value, reason=reason, cells=cells)
        case _:
            return None


def _sheet(path: Path, *, book: Any, name: str | None) -> tuple[Any, FileNote | None]:  # noqa: ANN401 - openpyxl's sheets
    names = [one.title for one in book.worksheets]
    if name is not None and name not in names:
        reason = f"has no sheet {name!r}; write one of {', '.join(names)} as `sheet` in the mapping"
        raise UnreadableFileError(path, reason)
    if not names:
        raise UnreadableFileError(path, "has no sheet with cells; save the rows as a sheet")
    note = None
    if name is None and len(names) > 1:
        others = ", ".join(names[1:])
        note = FileNote(text=f"{path.name}: sheet {names[0]!r} is read, and not {others}")
    return book[name or names[0]], note


def _rows_of_cells(path: Path, *, sheet: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - openpyxl's sheets
    try:
        yield from sheet.iter_rows()
    except DAMAGE as error:
        raise _damaged(path, error) from error


def _text(cell: Any, *, decimal_mark: str) -> str:  # noqa: ANN401 - openpyxl's cells
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return str(value).lower()
        case datetime() as value:
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case timedelta() as value:
            return _clock(value)
        case float() as value:
            return number_text(value, decimal_mark=decimal_mark)
        case value:
            # A date and a time of day say themselves in ISO 8601.
            return str(value)


def _clock(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    hours, rest = divmod(seconds, SECONDS_PER_HOUR)
    return f"{hours}:{rest // SECONDS_PER_MINUTE:02d}:{rest % SECONDS_PER_MINUTE:02d}"


def _damaged(path: Path, error: Exception) -> UnreadableFileError:
    reason = f"is no readable workbook ({error}); open it in your spreadsheet program and save it"
    return UnreadableFileError(path, f"{reason} again as .xlsx")
