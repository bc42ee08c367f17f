"""When people work: calendars with holidays, leave, approved overtime, and travel."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.values import (
    Country,
    Identifier,
    LocalDate,
    MinorUnits,
    Minutes,
    Name,
    Record,
    refuse_disorder,
)

Subdivision = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,3}$")]
"""The part of an ISO 3166-2 code after the hyphen: `9` is Vienna in AT, `BY` Bavaria in DE."""


class WorkingCalendar(Record):
    """Minutes of each weekday, and the days on which nobody works.

    Public holidays are those of the country and its subdivision, by the library `holidays`.
    """

    id: Identifier
    name: Name
    country: Country | None = None
    subdivision: Subdivision | None = None
    minutes_by_weekday: Annotated[tuple[Minutes, ...], Field(min_length=7, max_length=7)] = (
        480, 480, 480, 480, 480, 0, 0,
    )  # fmt: skip
    """Capacity from Monday to Sunday."""
    free_days: tuple[LocalDate, ...] = ()
    """Further days without work, such as a firm's own holidays."""
    working_days: tuple[LocalDate, ...] = ()
    """Public holidays on which work goes on."""


class Leave(Record):
    """Time away from work, on `start` to `end`, both included."""

    id: Identifier
    person_id: Identifier
    start: LocalDate
    end: LocalDate
    minutes_per_day: Minutes | None = None
    """Part of each day; the whole day without it."""
    kind: Name = "leave"
    is_approved: bool = True

    @model_validator(mode="after")
    def _ordered(self) -> Leave:
        refuse_disorder(self.start, self.end)
        return self


class OvertimeApproval(Record):
    """Hours above capacity that somebody approved, on `start` to `end`, both included."""

    id: Identifier
    person_id: Identifier
    start: LocalDate
    end: LocalDate
    minutes_per_day: Minutes | None = None
    """How much more each day; any amount without it."""
    approved_by: Identifier

    @model_validator(mode="after")
    def _ordered(self) -> OvertimeApproval:
        refuse_disorder(self.start, self.end)
        return self


class Trip(Record):
    """Travel of one person for one project, on `start` to `end`, both included."""

    id: Identifier
    person_id: Identifier
    project_id: Identifier
    place: Identifier
    start: LocalDate
    end: LocalDate

    @model_validator(mode="after")
    def _ordered(self) -> Trip:
        refuse_disorder(self.start, self.end)
        return self


class Preapproval(Record):
    """What the client allowed beforehand: expenses of a project up to a limit."""

    id: Identifier
    project_id: Identifier
    approved_on: LocalDate
    limit_minor: MinorUnits
    """The most one expense may cost, in the contract's currency."""
    category: Identifier | None = None
    """One category of expenses; all of them without it."""
