"""Training rows to and from files: JSON lines as the service writes them, or Parquet.

A Parquet file has a real column for every field, feature and answer, so that any tool reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.schemas.decision import TrainingRow
from data.schemas.questions import LabelSource
from data.schemas.vocabulary import ItemKind, Lane, Route
from models.columns import Flags, Floats, Ints, Strings
from models.features.catalogue import FEATURE_NAMES
from training.row_columns import NOT_SAID, QUESTIONS, Marks, RowColumns, columns_of, together

FEATURE, ANSWER = "feature.", "answer."
PARQUET = ".parquet"
ROWS_AT_ONCE = 10_000
_TIME, _FLAG, _TEXT = pa.timestamp("us", tz="UTC"), pa.bool_(), pa.string()
_NUMBER = pa.float64()
FIELDS = {
    "item_id": _TEXT,
    "kind": _TEXT,
    "assessed_at": _TIME,
    "known_at": _TIME,
    "amount_minor": pa.int64(),
    "currency": _TEXT,
    "narrative": _TEXT,
    "is_rule_proved": _FLAG,
    "is_suspected": _FLAG,
    "label_source": _TEXT,
    "days_to_bill": _NUMBER,
    "is_billed": _FLAG,
    "route": _TEXT,
    "lane": _TEXT,
    "propensity": _NUMBER,
    "bundle": _TEXT,
    "probability": _NUMBER,
    "rater": _TEXT,
    "active_seconds": _NUMBER,
    "is_score_shown": _FLAG,
    "group": _TEXT,
}
"""The fields of a row beside its features and answers, as Parquet keeps them."""
OPTIONAL = frozenset(
    {
        "days_to_bill",
        "is_billed",
        "lane",
        "probability",
        "rater",
        "active_seconds",
        "is_score_shown",
        "group",
    }
)
KNOWN_WORDS = {
    "kind": {kind.value for kind in ItemKind},
    "label_source": {source.value for source in LabelSource},
    "route": {route.value for route in Route},
    "lane": {"", *(lane.value for lane in Lane)},
}
REMEDY = "export the rows again with the version that trains"


class UnreadableRowError(ValueError):
    """A file of training rows is missing, or holds something that is not a training row."""


def write_rows(rows: Sequence[TrainingRow], *, path: Path) -> None:
    """Write rows as JSON lines, or as Parquet if the name ends in `.parquet`."""
    if path.suffix == PARQUET:
        pq.write_table(_arrow(rows), path)
        return
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{row.model_dump_json()}\n" for row in rows)


def read_rows(path: Path) -> list[TrainingRow]:
    """Read what `write_rows` or the service wrote.

    From Parquet every row has every feature of the file, None where it has no value. Raises
    UnreadableRowError with file and line.
    """
    return list(_parquet_rows(path) if path.suffix == PARQUET else _json_rows(path))


def read_columns(path: Path) -> RowColumns:
    """Read the same files as columns, which is all that training needs of them.

    Raises UnreadableRowError with file and line.
    """
    if path.suffix == PARQUET:
        return _columns(_parquet(path), name=path.name)
    lines = _json_rows(path)
    parts = []
    while chunk := list(islice(lines, ROWS_AT_ONCE)):
        parts.append(columns_of(chunk))
    return together(parts)


def _json_rows(path: Path) -> Iterator[TrainingRow]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                if text.strip():
                    yield _json_row(text, name=path.name, number=number)
    except FileNotFoundError as error:
        raise _missing(path) from error


def _json_row(text: str, *, name: str, number: int) -> TrainingRow:
    try:
        return TrainingRow.model_validate_json(text)
    except ValueError as error:
        raise _unreadable(name, number=number, error=error) from error


def _parquet_rows(path: Path) -> Iterator[TrainingRow]:
    table = _parquet(path)
    for number, values in enumerate(table.to_pylist(), start=1):
        given = {name: values[name] for name in FIELDS if name in values}
        given["assessed_at"] = given["assessed_at"].isoformat()
        given["known_at"] = given["known_at"].isoformat()
        given["features"] = _named(values, prefix=FEATURE)
        given["answers"] = {
            name: answer
            for name, answer in _named(values, prefix=ANSWER).items()
            if answer is not None
        }
        try:
            yield TrainingRow.model_validate_json(json.dumps(given))
        except ValueError as error:
            raise _unreadable(path.name, number=number, error=error) from error


def _named(values: dict[str, Any], *, prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items()
            if name.startswith(prefix)}  # fmt: skip


def _parquet(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except pa.ArrowInvalid as error:
        raise UnreadableRowError(f"{path.name} is not a Parquet file; {REMEDY}") from error
    absent = [name for name in FIELDS if name not in OPTIONAL and name not in table.column_names]
    if absent:
        raise UnreadableRowError(f"{path.name} has no columns {absent}; {REMEDY}")
    return table


def _arrow(rows: Sequence[TrainingRow]) -> pa.Table:
    """Every field a column; features of the catalogue come first, others after them."""
    seen = dict.fromkeys(name for row in rows for name in row.features)
    names = [name for name in FEATURE_NAMES if name in seen]
    names += [name for name in seen if name not in set(names)]
    columns = {
        field: pa.array([getattr(row, field) for row in rows], type=kind)
        for field, kind in FIELDS.items()
    }
    for question in QUESTIONS:
        said = [row.answers.get(question) for row in rows]
        columns[f"{ANSWER}{question.value}"] = pa.array(said, type=_FLAG)
    for name in names:
        values = [row.features.get(name) for row in rows]
        columns[f"{FEATURE}{name}"] = pa.array(values, type=_NUMBER)
    return pa.table(columns)


def _columns(table: pa.Table, *, name: str) -> RowColumns:
    column = _Columns(table, name=name)
    features = np.empty((table.num_rows, len(FEATURE_NAMES)))
    for place, feature in enumerate(FEATURE_NAMES):
        features[:, place] = column.numbers(f"{FEATURE}{feature}")
    answers = [column.marks(f"{ANSWER}{question.value}") for question in QUESTIONS]
    propensity = column.numbers("propensity")
    if not ((propensity > 0) & (propensity <= 1)).all():
        raise UnreadableRowError(f"{name} has a propensity outside of (0, 1]; {REMEDY}")
    return RowColumns(
        item_id=column.texts("item_id"),
        kind=column.words("kind"),
        assessed_us=column.times("assessed_at"),
        known_us=column.times("known_at"),
        amount_minor=column.whole("amount_minor"),
        currency=column.texts("currency"),
        features=features,
        narrative=column.texts("narrative"),
        is_rule_proved=column.flags("is_rule_proved"),
        is_suspected=column.flags("is_suspected"),
        label_source=column.words("label_source"),
        answers=np.stack(answers, axis=1),
        days_to_bill=column.numbers("days_to_bill"),
        is_billed=column.marks("is_billed"),
        route=column.words("route"),
        lane=column.words("lane"),
        propensity=propensity,
        bundle=column.texts("bundle"),
        probability=column.numbers("probability"),
        rater=column.texts("rater"),
        active_seconds=column.numbers("active_seconds"),
        is_score_shown=column.marks("is_score_shown"),
        group=column.texts("group"),
    )


class _Columns:
    """Arrow columns as arrays; a column that is not there says nothing in every row."""

    def __init__(self, table: pa.Table, *, name: str) -> None:
        self.table, self.name = table, name

    def numbers(self, field: str) -> Floats:
        return np.asarray(self._of(field, kind=_NUMBER).to_numpy(), dtype=np.float64)

    def texts(self, field: str) -> Strings:
        filled = pc.fill_null(self._of(field, kind=_TEXT), "")
        return np.asarray(filled.to_numpy(), dtype=object)

    def words(self, field: str) -> Strings:
        texts = self.texts(field)
        unknown = set(texts.tolist()) - KNOWN_WORDS[field]
        if unknown:
            raise UnreadableRowError(f"{self.name} has unknown {field} {sorted(unknown)}; {REMEDY}")
        return texts

    def times(self, field: str) -> Ints:
        moments = self._of(field, kind=_TIME).cast(pa.int64())
        return np.asarray(moments.to_numpy(), dtype=np.int64)

    def whole(self, field: str) -> Ints:
        return np.asarray(self._of(field, kind=pa.int64()).to_numpy(), dtype=np.int64)

    def flags(self, field: str) -> Flags:
        said: Flags = self.marks(field) == 1
        return said

    def marks(self, field: str) -> Marks:
        said = self._of(field, kind=_FLAG).cast(pa.int8())
        return np.asarray(pc.fill_null(said, NOT_SAID).to_numpy(), dtype=np.int8)

    def _of(self, field: str, *, kind: pa.DataType) -> pa.ChunkedArray:
        if field not in self.table.column_names:
            return pa.chunked_array([pa.nulls(self.table.num_rows, type=kind)])
        column = self.table.column(field)
        if field not in OPTIONAL and field in FIELDS and column.null_count:
            raise UnreadableRowError(f"{self.name} has rows without {field}; {REMEDY}")
        return column.cast(kind)


def _missing(path: Path) -> UnreadableRowError:
    return UnreadableRowError(
        f"{path.name} does not exist; write rows with 'python -m training.cli firm-rows --out "
        f"{path.name}', or export them from the audit trail"
    )


def _unreadable(name: str, *, number: int, error: ValueError) -> UnreadableRowError:
    return UnreadableRowError(f"{name} line {number} is not a training row: {error}; {REMEDY}")
