"""How the columns of somebody's file become our fields: a mapping kept as YAML beside the data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data.schemas.clauses import ClauseTerms
from data.schemas.values import (
    Country,
    Currency,
    Identifier,
    MinorUnits,
    Minutes,
    Record,
    Text,
    Zone,
)
from data.schemas.vocabulary import ContractType
from service.connectors.file_layout import FileKind, Layout
from service.connectors.file_record_mapping import RecordMapping
from service.connectors.file_rule import Condition, Rule
from service.connectors.yaml_file import YamlFile

ANY = "*"
"""The labor category of a default rate that holds for every category without its own."""


class Period(StrEnum):
    """What one timesheet spans."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


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
    submitted_at: Rule | None = None
    """When the last entry of the timesheet was recorded, without a rule."""
    started_at: Rule | None = None
    ended_at: Rule | None = None
    """Both or neither; an empty cell says that the time is not known."""
    activity: Rule | None = None
    location: Rule | None = None
    change_order_id: Rule | None = None
    adjustment_reason: Rule | None = None
    approver_id: Rule | None = None
    approved_at: Rule | None = None
    """Both or neither; a timesheet counts as approved where each of its rows is."""

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> Fields:
        for one, other in (("started_at", "ended_at"), ("approver_id", "approved_at")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                raise ValueError(f"names one of {one} and {other}; write both, or neither")
        return self


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


class Mapping(Layout):
    """Everything needed to read a file of work."""

    kind: Literal[FileKind.TIMESHEETS] = FileKind.TIMESHEETS
    source: Identifier
    billable_where: tuple[Condition, ...] = ()
    """Minutes are billable where every condition holds; elsewhere none are."""
    fields: Fields
    number_repeated_ids: bool = False
    """The second row of an id becomes `<id>-2`: for exports that give their rows no id."""
    period: Period = Period.WEEK
    spread: Spread | None = None
    terms: Defaults

    @property
    def columns(self) -> frozenset[str]:
        """Every column the mapping names; a template names those in its braces when it is read."""
        rules = [rule for rule in dict(self.fields).values() if rule]
        conditions = (*self.where, *self.billable_where)
        return frozenset(
            {rule.column for rule in rules if rule.column} | {one.column for one in conditions}
        )


AnyMapping = Mapping | RecordMapping


def read_mapping(path: Path) -> AnyMapping:
    """Read a mapping. Raises FileMistakesError with every mistake, its line and its remedy."""
    file = YamlFile(path)
    kind = file.at(("kind",))
    if kind is None or kind == FileKind.TIMESHEETS:
        return file.parsed(Mapping)
    if kind not in set(FileKind):
        known = ", ".join(FileKind)
        reason = f"is nothing a file can hold; write one of {known}"
        raise file.mistakes([file.problem(("kind",), value=kind, reason=reason)])
    return file.parsed(RecordMapping)
