"""People, projects and who is assigned to what."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.values import (
    Country,
    Identifier,
    LocalDate,
    MinorUnits,
    Name,
    PlannedMinutes,
    Probability,
    Record,
)


class Degree(StrEnum):
    """The highest degree of a person."""

    NONE = "none"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"

    @property
    def rank(self) -> int:
        """Its place from the lowest, zero, to the highest."""
        return list(Degree).index(self)


class Certificate(Record):
    """Something a person proved to know, until `expires_on` included; for good without it."""

    name: Name
    earned_on: LocalDate | None = None
    expires_on: LocalDate | None = None


class Person(Record):
    """Somebody who works, manages or signs."""

    id: Identifier
    name: Name
    grade: Name
    labor_category: Identifier
    country: Country
    hourly_cost_minor: MinorUnits
    hired_on: LocalDate
    left_on: LocalDate | None = None
    manager_id: Identifier | None = None
    authority_limit_minor: MinorUnits = 0
    """How much money this person may approve in one item."""
    calendar_id: Identifier | None = None
    """The working calendar; that of the country's region without one."""
    degree: Degree = Degree.NONE
    professional_since: LocalDate | None = None
    """First day of relevant work; no years without it."""
    certificates: tuple[Certificate, ...] = ()


class Task(Record):
    """A piece of a project that time is booked on."""

    id: Identifier
    name: Name
    is_in_scope: bool = True
    is_billable: bool = True
    planned_minutes: PlannedMinutes = 0


class Progress(Record):
    """How much of a project's line was earned by the end of a day."""

    as_of: LocalDate
    earned: Probability


class Project(Record):
    """Work for one client under one contract."""

    id: Identifier
    name: Name
    client_id: Identifier
    contract_id: Identifier
    manager_id: Identifier | None = None
    business_unit: Name | None = None
    """The part of the firm that delivers it; walls between people may follow it."""
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]
    progress: tuple[Progress, ...] = ()
    """Measures of progress, each in force until the next."""


class Assignment(Record):
    """A person's place on a project from `start` to `end`, both included; all tasks without one."""

    id: Identifier
    person_id: Identifier
    project_id: Identifier
    task_id: Identifier | None = None
    start: LocalDate
    end: LocalDate
    planned_minutes: PlannedMinutes | None = None
    """Effort agreed for this stay; without it effort is not limited."""

    @model_validator(mode="after")
    def _ordered(self) -> Assignment:
        if self.end < self.start:
            raise ValueError(f"end {self.end} lies before start {self.start}")
        return self
