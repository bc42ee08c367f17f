"""Rows out of CSV, JSON and NDJSON: streamed, and what cannot be read is given back by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.schemas.batch import FieldProblem, Rejection
from service.connectors.file_mapping import FileFormat, Join, Mapping
from service.connectors.shown_text import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One row: its number as a spreadsheet shows it (the header is row 1), its cells as text."""

    number: int
    cells: dict[str, str]


class UnreadableFileError(Exception):
    """A file that cannot be read at all, as opposed to single rows of it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path = path
        self.reason = reason


def read_rows(path: Path, *, mapping: Mapping) -> Iterator[FileRow | Rejection]:
    """Give every row of a file, joined where the mapping says so, or its rejection."""
    rows = _rows(path, mapping=mapping)
    return rows if mapping.join is None else _joined(rows, folder=path.parent, join=mapping.join)


def rejected(
    number: int, *, field: str, value: object, reason: str, row_id: str | None = None
) -> Rejection:
    """Give a row back with one reason."""
    problem = FieldProblem(field=shown(field), value=shown(value), reason=shown(reason))
    return Rejection(row=number, external_id=row_id, problems=(problem,))


def _rows(path: Path, *, mapping: Mapping) -> Iterator[FileRow | Rejection]:
    lines = _lines(path, encoding=mapping.encoding)
    match mapping.format:
        case FileFormat.CSV:
            return _csv_rows(path, lines=lines, delimiter=mapping.delimiter)
        case FileFormat.NDJSON:
            return _ndjson_rows(lines)
        case FileFormat.JSON:
            return _json_rows(path, text="".join(lines))


def _lines(path: Path, *, encoding: str) -> Iterator[str]:
    """Lines of text; bytes that are not of the encoding stay visible as lone surrogates."""
    name = "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
    try:
        with path.open(encoding=name, errors="surrogateescape", newline="") as file:
            yield from file
    except (OSError, LookupError, UnicodeError) as error:
        raise UnreadableFileError(
            path, f"cannot be read: {error}; check the path and the encoding"
        ) from error


def _csv_rows(
    path: Path, *, lines: Iterable[str], delimiter: str
) -> Iterator[FileRow | Rejection]:  # fmt: skip
    reader = csv.reader((line.replace("\0", "\ufffd") for line in lines), delimiter=delimiter,
                        strict=True)  # fmt: skip
    header = _header(path, reader=reader)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"is no CSV near line {reader.line_num}: {error}; check the quotes"
            yield rejected(number, field="(row)", value="", reason=reason)
            continue
        if cells:
            yield _csv_row(number, cells=cells, header=header)


def _header(path: Path, *, reader: Any) -> list[str]:  # noqa: ANN401 - csv names no reader type
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration:
        raise UnreadableFileError(path, "is empty; the first row names the columns") from None
    except csv.Error as error:
        raise UnreadableFileError(path, f"has no readable first row: {error}") from error
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise UnreadableFileError(path, f"names the column {repeated[0]!r} twice; rename one")
    return header


def _csv_row(number: int, *, cells: list[str], header: list[str]) -> FileRow | Rejection:
    if len(cells) != len(header):
        reason = (
            f"has {len(cells)} cells where the first row names {len(header)} columns; "
            "check quotes and separators"
        )
        return rejected(number, field="(row)", value=cells, reason=reason)
    return _checked(number, cells=dict(zip(header, cells, strict=True)))


def _ndjson_rows(lines: Iterable[str]) -> Iterator[FileRow | Rejection]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_float=str, parse_int=str)
        except (json.JSONDecodeError, RecursionError) as error:
            yield rejected(number, field="(row)", value=line, reason=f"is no JSON: {error}")
            continue
        yield _json_row(number, record=record)


def _json_rows(path: Path, *, text: str) -> Iterator[FileRow | Rejection]:
    try:
        records = json.loads(text, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFileError(path, f"is no JSON: {error}") from error
    if not isinstance(records, list):
        raise UnreadableFileError(path, "holds no array; write the rows as one array of objects")
    return (_json_row(number, record=record) for number, record in enumerate(records, start=1))


def _json_row(number: int, *, record: object) -> FileRow | Rejection:
    if not isinstance(record, dict):
        return rejected(number, field="(row)", value=record, reason="is no object of columns")
    return _checked(number, cells={key: _cell(value) for key, value in record.items()})


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value)


def _checked(number: int, *, cells: dict[str, str]) -> FileRow | Rejection:
    for name, text in cells.items():
        if any("\ud800" <= char <= "\udfff" for char in text):
            reason = "holds bytes that are not of the encoding; set `encoding` in the mapping"
            return rejected(number, field=name, value=text, reason=reason)
    return FileRow(number=number, cells={name: text.strip() for name, text in cells.items()})


def _joined(
    rows: Iterable[FileRow | Rejection], *, folder: Path, join: Join
) -> Iterator[FileRow | Rejection]:
    partners = _partners(folder / join.file, join=join)
    for row in rows:
        if isinstance(row, Rejection):
            yield row
            continue
        key = row.cells.get(join.on, "")
        found = partners.get(key, [])
        if len(found) == 1:
            yield FileRow(number=row.number, cells=found[0] | row.cells)
        else:
            reason = f"has {len(found) or 'no'} partner rows in {join.file}; it needs exactly one"
            yield rejected(row.number, field=join.on, value=key, reason=reason)


def _partners(path: Path, *, join: Join) -> dict[str, list[dict[str, str]]]:
    """The different rows of the second file by key; equal repeats count as one."""
    partners: dict[str, list[dict[str, str]]] = {}
    lines = _lines(path, encoding=join.encoding)
    for row in _csv_rows(path, lines=lines, delimiter=join.delimiter):
        if isinstance(row, Rejection):
            continue
        if join.on not in row.cells:
            raise UnreadableFileError(path, f"has no column {join.on!r} to join on")
        found = partners.setdefault(row.cells[join.on], [])
        if row.cells not in found:
            found.append(row.cells)
    return partners
