"""What every reader of files gives: rows of text, rows it gives back, or the word why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.schemas.batch import FieldProblem, Rejection
from service.connectors.shown_text import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One row: its number as a spreadsheet shows it (the header is row 1), its cells as text."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """Something found out about a file that a person should know, though nothing is wrong."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """A row that is not taken, with its reasons and its cells as they stood in the file."""

    rejection: Rejection
    cells: Mapping[str, str]


ReadRow = FileRow | GivenBack | FileNote
"""What a reader may give."""


class UnreadableFileError(Exception):
    """A file that cannot be read at all, as opposed to single rows of it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path = path
        self.reason = reason


def rejected(
    number: int, *, field: str, value: object, reason: str, row_id: str | None = None
) -> Rejection:
    """Give a row back with one reason."""
    problem = FieldProblem(field=shown(field), value=shown(value), reason=shown(reason))
    return Rejection(row=number, external_id=row_id, problems=(problem,))


def given_back(
    number: int, *, field: str, value: object, reason: str, cells: Mapping[str, str] | None = None
) -> GivenBack:
    """Give a row back before it could be read as cells, or with those that could."""
    rejection = rejected(number, field=field, value=value, reason=reason)
    return GivenBack(rejection=rejection, cells=cells or {})


def checked(number: int, *, cells: dict[str, str], most_characters: int) -> FileRow | GivenBack:
    """Give a row, unless a cell holds foreign bytes or is too long to be meant."""
    for name, text in cells.items():
        if len(text) > most_characters:
            reason = f"holds {len(text)} characters, more than {most_characters}; shorten it"
            short = {key: one[:most_characters] for key, one in cells.items()}
            return given_back(number, field=name, value=text[:80], reason=reason, cells=short)
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            reason = "holds bytes that are not of the encoding; set `encoding`, or write auto there"
            return given_back(number, field=name, value=text, reason=reason, cells=_legible(cells))
    return FileRow(number=number, cells={name: text.strip() for name, text in cells.items()})


def header_of(path: Path, names: list[str], *, most_columns: int) -> list[str]:
    """Give the names of the columns. Raises UnreadableFileError where they name nothing clearly."""
    header = [name.strip() for name in names]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise UnreadableFileError(path, "has an empty first row; the first row names the columns")
    if len(header) > most_columns:
        reason = f"names {len(header)} columns in row 1; at most {most_columns} are read"
        raise UnreadableFileError(path, f"{reason}. Delete the columns that are not needed")
    if "" in header:
        place = header.index("") + 1
        raise UnreadableFileError(
            path, f"has no name for column {place} in row 1; name every column that holds cells"
        )
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        reason = f"names the column {repeated[0]!r} twice in row 1; rename one"
        raise UnreadableFileError(path, reason)
    return header


def _legible(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text.encode("utf-8", "replace").decode("utf-8") for name, text in cells.items()}
