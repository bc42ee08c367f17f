"""Says which column of somebody's table is what: the decision, what came of it, and when."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from data.schemas.values import Name, Record, Text

Column = Annotated[str, Field(min_length=1, max_length=200)]


class MappingError(ValueError):
    """A mapping or its table that cannot be used; the text says what, where, and what to do."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where, self.problem = where, problem


class FileFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    PARQUET = "parquet"


class Source(Record):
    """A file, relative to the folder of the data."""

    file: Name
    format: FileFormat = FileFormat.CSV
    encoding: Name = "utf-8"
    one_row_per: tuple[Column, ...] = ()
    """Of rows that agree in these columns the first is kept."""


class Joined(Source):
    """A second file, whose columns are set beside those of the first where `by` agrees."""

    by: tuple[Column, ...]


class Event(Record):
    """A column made of an event log: the time of the first of these activities after deciding."""

    name: Column
    activities: tuple[Text, ...]


class Case(Record):
    """Rolls an event log up to one row a case, with the attributes of the event decided at."""

    id: Column
    activity: Column
    time: Column
    decided_by: tuple[Text, ...]
    """The first event with one of these activities is the decision; its time is `decided_at`."""
    events: tuple[Event, ...]
    """What happened later. How many events came before stands in `events_before`."""


class Value(Record):
    """A number of a row: one of its parts, each naming columns."""

    column: Column | None = None
    days: tuple[Column, Column] | None = None
    """From the first time to the second."""
    difference: tuple[Column, Column] | None = None
    """The first number less the second."""
    ratio: tuple[Column, Column] | None = None
    """The first number over the second."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum(part is not None for part in self._parts()) != 1:
            raise ValueError("says not one thing; write one of column, days, difference, ratio")
        return self

    def columns(self) -> tuple[str, ...]:
        """Name the columns it is made of."""
        parts = (part for part in self._parts() if part is not None)
        return tuple(
            name for part in parts for name in ((part,) if isinstance(part, str) else part)
        )

    def outcome(self) -> str:
        """Name the column that only time tells; the other may be known when deciding."""
        return self.days[1] if self.days is not None else self.columns()[0]

    def _parts(self) -> tuple[str | tuple[str, str] | None, ...]:
        return (self.column, self.days, self.difference, self.ratio)


class Known(Record):
    """When an outcome is known: the first of these times that a row has, or days after deciding."""

    at: tuple[Column, ...] = ()
    days_after: Annotated[float, Field(gt=0)] | None = None
    not_before_days: Annotated[float, Field(ge=0)] = 0.0
    """However early it was known, it counts only so many days after deciding: what is settled first
    is not like the rest."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if bool(self.at) == (self.days_after is not None):
            raise ValueError("says not one thing; write at (columns) or days_after (a number)")
        return self


class Label(Record):
    """A yes or no: a column that is filled in, says a word, or a value above a bound."""

    name: Name
    present: Column | None = None
    word: tuple[Column, Text] | None = None
    """Yes where the column says the word."""
    value: Value | None = None
    above: float | None = None
    """Yes where the value is above it."""
    known: Known

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        told = [self.present is not None, self.word is not None, self.value is not None]
        if sum(told) != 1 or (self.value is None) != (self.above is None):
            raise ValueError("says not one thing; write present, or word, or value with above")
        return self

    def outcome(self) -> str:
        """Name the column that only time tells."""
        if self.value is not None:
            return self.value.outcome()
        return self.present or (self.word[0] if self.word is not None else "")

    def columns(self) -> tuple[str, ...]:
        """Name the columns it is made of."""
        word = () if self.word is None else (self.word[0],)
        present = () if self.present is None else (self.present,)
        return (*word, *present, *(() if self.value is None else self.value.columns()))


class Target(Record):
    """A number to tell beforehand."""

    name: Name
    value: Value
    unit: Name = "days"
    above: float | None = None
    """Rows at or below it say nothing: a case that was never paid has no days."""
    known: Known


class DroppedRows(Record):
    """Rows left out before anything is learned, for they tell the outcome or are no case."""

    column: Column
    words: tuple[str, ...] = ()
    """Rows whose column says one of these."""
    at_most: float | None = None
    """Rows whose column is this small."""
    is_missing: bool = False
    why: Text


class Columns(Record):
    """What may be learned from; a column that stands nowhere here is never looked at."""

    numbers: tuple[Column, ...] = ()
    categories: tuple[Column, ...] = ()
    texts: tuple[Column, ...] = ()
    amount: Column | None = None
    dates: tuple[Column, ...] = ()
    """Times known when deciding; each gives its calendar and its days from the decision."""


class Mapping(Record):
    """One table, its outcomes, and what may be learned from."""

    title: Text
    source: Source
    joined: Joined | None = None
    case: Case | None = None
    date_format: Text | None = None
    """As strptime has it; without it ISO 8601 is read."""
    decided: Column = "decided_at"
    dropped: tuple[DroppedRows, ...] = ()
    columns: Columns
    entities: tuple[tuple[Column, ...], ...] = ()
    """Whose past counts: columns that name a customer, a person, a project. An empty list is
    everybody together."""
    due: Column | None = None
    closed: tuple[Column, ...] = ()
    """When a row was over: what is open and overdue is told from it."""
    labels: tuple[Label, ...] = ()
    targets: tuple[Target, ...] = ()

    @property
    def outcomes(self) -> tuple[Label | Target, ...]:
        """All that came of a row."""
        return (*self.labels, *self.targets)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        names = [one.name for one in self.outcomes]
        if not names or len(set(names)) != len(names):
            raise ValueError("names no outcome, or one twice; write labels or targets, each once")
        used = {*self.columns.numbers, *self.columns.categories, *self.columns.texts,
                *self.columns.dates, self.columns.amount}  # fmt: skip
        told = {label.outcome() for label in self.labels}
        told |= {target.value.outcome() for target in self.targets}
        told |= {name for one in self.outcomes for name in one.known.at}
        if leaking := sorted(told & used - {None}):
            raise ValueError(
                f"learns from the columns {leaking}, which only time tells; leave them out"
            )
        return self


def read_mapping(path: Path) -> Mapping:
    """Read a mapping from YAML.

    Raises MappingError with the file, the place in it, and what to do.
    """
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise MappingError(path.name, f"cannot be read as YAML: {error}") from error
    try:
        return Mapping.model_validate_json(json.dumps(listed, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise MappingError(
            path.name, f"{place}: {first['msg']}; data/outside/README.md lists what may stand there"
        ) from error
