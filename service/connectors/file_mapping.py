"""How the columns of somebody's file become our fields: a mapping kept as YAML beside the data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.clauses import ClauseTerms
from data.schemas.values import (
    Country,
    Currency,
    Identifier,
    MinorUnits,
    Minutes,
    Name,
    Record,
    Text,
    Zone,
)
from data.schemas.vocabulary import ContractType
from service.connectors.yaml_file import YamlFile

ANY = "*"
"""The labor category of a default rate that holds for every category without its own."""


class FileFormat(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSON = "json"
    """One array of objects."""
    NDJSON = "ndjson"
    """One object a line."""


class Unit(StrEnum):
    """What a number in a column counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    MAJOR = "major"
    """Money as people write it: 180.00."""
    MINOR = "minor"
    """Money in the currency's smallest unit: 18000."""


class Period(StrEnum):
    """What one timesheet spans."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Rule(Record):
    """Where one field comes from: a column, a template over columns, or a constant."""

    column: Name | None = None
    template: Name | None = None
    """Text with columns in braces: `{ProjectCode}-work`."""
    constant: Text | None = None
    default: Text | None = None
    """Taken where the column is empty; without it an empty column rejects the row."""
    prefix: Text = ""
    replace: dict[Text, Text] = Field(default_factory=dict)
    """Words of the file and what they stand for here; a word not listed stays as it is."""
    unit: Unit | None = None
    """For numbers: hours or minutes of time, major or minor units of money."""
    formats: tuple[Name, ...] = ()
    """For dates and times: formats of strptime, tried in order; ISO 8601 without any."""

    @model_validator(mode="after")
    def _one_origin(self) -> Rule:
        given = [one for one in (self.column, self.template, self.constant) if one is not None]
        if len(given) != 1:
            raise ValueError("names not one of column, template and constant; write exactly one")
        return self


class Fields(Record):
    """A rule for each field of a row of work; what may be left out has a stated default."""

    row_id: Rule
    person_id: Rule
    project_id: Rule
    work_date: Rule
    minutes_worked: Rule
    hourly_rate_minor: Rule
    minutes_billable: Rule | None = None
    """All minutes worked, without a rule."""
    contract_id: Rule | None = None
    """The project's id, without a rule."""
    line_id: Rule | None = None
    """The contract's id and `-work`, without a rule."""
    client_id: Rule | None = None
    """The contract's id and `-client`, without a rule."""
    task_id: Rule | None = None
    """The project's id and `-task`, without a rule."""
    labor_category: Rule | None = None
    """`staff`, without a rule."""
    narrative: Rule | None = None
    """Empty, without a rule."""
    recorded_at: Rule | None = None
    """18:00 local time on the work date, without a rule."""


class Join(Record):
    """A second CSV whose columns are added to each row, found by an equal key.

    A column of both files keeps the value of the first.
    """

    file: Annotated[Name, Field(pattern=r"^[^/\\]+$")]
    """A name beside the first file; no path."""
    on: Name
    encoding: Name = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","


class Condition(Record):
    """Holds for rows whose column holds one of these words."""

    column: Name
    is_one_of: Annotated[tuple[Text, ...], Field(min_length=1)]

    def holds(self, cells: dict[str, str]) -> bool:
        """Say whether a row fulfils the condition."""
        return cells.get(self.column, "") in self.is_one_of


class Spread(Record):
    """Work reported in one row is laid over days.

    A row above `max_minutes_per_day` becomes entries of at most that much: the last on the row's
    work date, the others on the working days before it, back until its minutes are used up.
    """

    max_minutes_per_day: Annotated[Minutes, Field(ge=1)]
    working_days: Annotated[
        tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)
    ] = (1, 2, 3, 4, 5)  # fmt: skip
    """ISO weekdays: 1 is Monday."""


class DefaultClause(Record):
    """A clause every contract gets that the file implies."""

    terms: ClauseTerms
    text: Text


class Defaults(Record):
    """What a file of work never says: where people work, and the terms it is billed under."""

    zone: Zone
    currency: Currency
    country: Country
    contract_type: ContractType = ContractType.TIME_AND_MATERIALS
    hourly_rates_minor: dict[Identifier, MinorUnits] = Field(default_factory=dict)
    """The rate card by labor category; `*` holds for every category without its own rate."""
    clauses: tuple[DefaultClause, ...] = ()


class Mapping(Record):
    """Everything needed to read one kind of file."""

    source: Identifier
    format: FileFormat = FileFormat.CSV
    encoding: Name = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    decimal_mark: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    join: Join | None = None
    where: tuple[Condition, ...] = ()
    """Rows are taken where every condition holds."""
    billable_where: tuple[Condition, ...] = ()
    """Minutes are billable where every condition holds; elsewhere none are."""
    fields: Fields
    period: Period = Period.WEEK
    spread: Spread | None = None
    terms: Defaults


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. Raises FileMistakesError with every mistake, its line and its remedy."""
    return YamlFile(path).parsed(Mapping)
