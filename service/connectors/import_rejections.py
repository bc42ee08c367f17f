"""The rows that were not taken, as a file people can open, correct and import again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from service.connectors.shown_text import shown
from service.wire.imports import GivenBackRow

TOLD = ("row", "id", "field", "value", "reason", "remedy")
CELL_CHARACTERS = 4_000
_STARTS_FORMULA = re.compile(r"^[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"^[+-]?[0-9.,]+$")

Rows = Callable[[], Iterator[GivenBackRow]]
"""Gives the rows anew each time: the columns must be known before the first row is written."""


class ReportFormat(StrEnum):
    """How the list of rejections may be written, told by the ending of its name."""

    CSV = ".csv"
    XLSX = ".xlsx"
    NDJSON = ".ndjson"
    JSONL = ".jsonl"


class UnknownReportFormatError(Exception):
    """The list of rejections was asked for under a name that tells no format."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: the ending tells how rejections are written; name the file .csv, .xlsx "
            "or .ndjson"
        )
        self.path = path


def format_of(path: Path) -> ReportFormat:
    """Give the format that a file's name asks for. Raises UnknownReportFormatError."""
    try:
        return ReportFormat(path.suffix.lower())
    except ValueError:
        raise UnknownReportFormatError(path) from None


def write_rejections(rows: Rows, *, path: Path) -> None:
    """Write every rejection with the original cells. Raises UnknownReportFormatError."""
    match format_of(path):
        case ReportFormat.CSV:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                file.writelines(csv_of_rejections(rows))
        case ReportFormat.XLSX:
            _write_xlsx(rows, path=path)
        case ReportFormat.NDJSON | ReportFormat.JSONL:
            with path.open("w", encoding="utf-8") as file:
                file.writelines(f"{one.model_dump_json()}\n" for one in rows())


def csv_of_rejections(rows: Rows) -> Iterator[str]:
    """Give the lines of a CSV file; a cell that a spreadsheet would run is made plain text."""
    for line in _table(rows):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerow([_harmless(cell) for cell in line])
        yield text.getvalue()


def _table(rows: Rows) -> Iterator[list[str]]:
    columns = list(dict.fromkeys(name for one in rows() for name in one.cells))
    yield [*TOLD, *(f"file: {name}" for name in columns)]
    for one in rows():
        cells = [one.cells.get(name, "") for name in columns]
        place = ["" if one.row is None else str(one.row), one.external_id or ""]
        for problem in one.problems:
            yield [
                *place, problem.field, problem.value, problem.reason, problem.remedy, *cells
            ]  # fmt: skip


def _harmless(cell: str) -> str:
    if _STARTS_FORMULA.match(cell) and not _PLAIN_NUMBER.match(cell):
        return f"'{cell}"
    return cell


def _write_xlsx(rows: Rows, *, path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rejected rows")
    for line in _table(rows):
        sheet.append(_as_text(sheet, line))
    book.save(path)


def _as_text(sheet: Any, line: Iterable[str]) -> list[Any]:  # noqa: ANN401 - openpyxl's cells
    cells = []
    for text in line:
        plain = "\n".join(shown(part) for part in text[:CELL_CHARACTERS].split("\n"))
        cell = WriteOnlyCell(sheet, value=plain)
        # Text that begins with = is text here, and never a formula.
        cell.data_type = "s"
        cells.append(cell)
    return cells
