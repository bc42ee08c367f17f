"""Tables as files: CSV in a stream, and workbooks written row by row."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.api.export_cells import Cell, as_csv, safe_text

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine."""
ROWS_PER_SHEET = 1_000_000
"""A sheet holds 1,048,576 rows."""
KEPT_IN_MEMORY = 8_000_000
BYTES_PER_READ = 65_536
ROWS_PER_PART = 200
"""Rows of CSV sent together."""


def csv_parts(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Give a table as CSV in UTF-8, every cell in quotes, in parts as the rows come."""
    yield BYTE_ORDER_MARK.encode()
    part: list[Sequence[Cell]] = [titles]
    for row in rows:
        part.append(row)
        if len(part) >= ROWS_PER_PART:
            yield _csv(part)
            part = []
    if part:
        yield _csv(part)


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([as_csv(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def workbook(
    titles: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str
) -> Iterator[bytes]:
    """Give a table as a workbook whose cells are typed: text is text, whatever it begins with.

    Rows are written as they come and none is held; beyond a million a new sheet begins.
    """
    with tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as file:
        _write(file, titles, rows, name=name)
        file.seek(0)
        while part := file.read(BYTES_PER_READ):
            yield part


def _write(
    file: IO[bytes], titles: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str
) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet, line = _sheet(book, titles, bold, name=name), 0
        for row in rows:
            if line == ROWS_PER_SHEET:
                sheet, line = _sheet(book, titles, bold, name=None), 0
            line += 1
            for column, cell in enumerate(row):
                _put(sheet, (line, column), cell, moment=moment)


def _sheet(
    book: xlsxwriter.Workbook, titles: Sequence[str], bold: Format, *, name: str | None
) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    return sheet


def _put(sheet: Worksheet, place: tuple[int, int], cell: Cell, *, moment: Format) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(*place, safe_text(cell))
        case datetime():
            sheet.write_datetime(*place, cell.astimezone(UTC).replace(tzinfo=None), moment)
        case Decimal() | int():
            sheet.write_number(*place, cell)
