"""Labelled clauses out of somebody's file, by a mapping that names its columns."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from data.schemas.values import Name, Record, Text
from data.schemas.vocabulary import ClauseKind
from service.connectors.yaml_file import YamlFile

MAX_CELL_CHARACTERS = 10_000_000
"""A whole contract may stand in one cell; the csv module stops at 131,072 characters."""


class UnreadableClausesError(Exception):
    """A clause set that cannot be read; the text says where, why and what to do."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path, self.reason = path, reason


class SetFormat(StrEnum):
    """How a clause set is written."""

    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"


class ClauseSetMapping(Record):
    """Which columns of a clause set say what.

    Long sets have a row for each clause, with a `text` and a `label` column. Wide sets have a row
    for each contract and a column for each label, named in `label_columns`.
    """

    format: SetFormat = SetFormat.CSV
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    contract: Name
    """Column that names the contract: folds are cut by it."""
    text: Name | None = None
    label: Name | None = None
    label_columns: tuple[Name, ...] = ()
    min_characters: Annotated[int, Field(ge=1)] = 1
    """Shorter texts are left out, and counted."""
    kinds: dict[Text, ClauseKind] = Field(default_factory=dict)
    """Labels that stand for a kind of ours; clauses under any other label are never proposed."""
    has_embedded: bool = False
    """Whether the clauses that come with the product are learned from as well."""

    @model_validator(mode="after")
    def _long_or_wide(self) -> ClauseSetMapping:
        is_long = self.text is not None and self.label is not None and not self.label_columns
        is_wide = self.text is None and self.label is None and bool(self.label_columns)
        if not (is_long or is_wide):
            raise ValueError("names not one shape; write text and label, or label_columns alone")
        return self


class LabelledText(Record):
    """One clause of a set."""

    contract: str
    label: str
    text: str


class ClauseSet(Record):
    """The clauses of a file; received = taken + left out."""

    clauses: tuple[LabelledText, ...]
    left_out: int


def read_clause_mapping(path: Path) -> ClauseSetMapping:
    """Read a mapping. Raises FileMistakesError with every mistake, its line and its remedy."""
    return YamlFile(path).parsed(ClauseSetMapping)


def read_clause_set(path: Path, *, mapping: ClauseSetMapping) -> ClauseSet:
    """Read every labelled clause of a file. Raises UnreadableClausesError."""
    taken: list[LabelledText] = []
    left_out = 0
    for number, row in _rows(path, mapping=mapping):
        for label, text in _labelled(row, number=number, path=path, mapping=mapping):
            if len(text) < mapping.min_characters:
                left_out += 1
                continue
            contract = str(_cell(row, mapping.contract, number=number, path=path))
            kind = mapping.kinds.get(label)
            taken.append(
                LabelledText(contract=contract, label=label if kind is None else kind, text=text)
            )
    if not taken:
        raise UnreadableClausesError(path, "holds no clause; check the columns of the mapping")
    return ClauseSet(clauses=tuple(taken), left_out=left_out)


Row = Mapping[str, Any]


def _rows(path: Path, *, mapping: ClauseSetMapping) -> Iterator[tuple[int, Row]]:
    try:
        rows = _decoded(path.read_text("utf-8-sig"), mapping=mapping)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise UnreadableClausesError(
            path, f"cannot be read as {mapping.format}: {error}; save it as UTF-8, check `format`"
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableClausesError(path, "holds no rows; write an array of objects")
    # The header of a CSV is row 1, as a spreadsheet shows it.
    yield from enumerate(rows, start=2 if mapping.format is SetFormat.CSV else 1)


def _decoded(text: str, *, mapping: ClauseSetMapping) -> Any:  # noqa: ANN401 - any JSON content
    match mapping.format:
        case SetFormat.CSV:
            csv.field_size_limit(MAX_CELL_CHARACTERS)
            lines = io.StringIO(text, newline="")
            return list(csv.DictReader(lines, delimiter=mapping.delimiter))
        case SetFormat.JSON:
            return json.loads(text)
        case SetFormat.NDJSON:
            return [json.loads(line) for line in text.splitlines() if line.strip()]


def _labelled(
    row: Row, *, number: int, path: Path, mapping: ClauseSetMapping
) -> Iterator[tuple[str, str]]:
    if mapping.text is not None and mapping.label is not None:
        label = str(_cell(row, mapping.label, number=number, path=path)).strip()
        yield label, str(_cell(row, mapping.text, number=number, path=path)).strip()
        return
    for column in mapping.label_columns:
        cell = _cell(row, column, number=number, path=path)
        for text in _texts(cell, column=column, number=number, path=path):
            yield column, text.strip()


def _cell(row: Row, column: str, *, number: int, path: Path) -> object:
    if column not in row:
        known = ", ".join(str(one) for one in row)[:300]
        raise UnreadableClausesError(
            path, f"row {number} has no column {column!r}; name one of {known}"
        )
    return row[column]


def _texts(cell: object, *, column: str, number: int, path: Path) -> list[str]:
    """A cell's clauses: a list, a list written as text, or one text."""
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        try:
            cell = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            reason = f"row {number}, column {column!r}: is no list of texts: {error}"
            raise UnreadableClausesError(path, f"{reason}; check the quotes") from error
    listed = cell if isinstance(cell, list) else [cell]
    return [one for one in listed if isinstance(one, str) and one.strip()]
