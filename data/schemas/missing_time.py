"""Whole periods in which somebody who was assigned recorded nothing."""

from __future__ import annotations

from data.schemas.values import (
    Currency,
    Identifier,
    LocalDate,
    PlannedMinutes,
    Record,
    SignedMinorUnits,
)


class AbsentTime(Record):
    """The time of somebody who was assigned and recorded nothing in a whole period."""

    person_id: Identifier
    contract_id: Identifier
    line_id: Identifier
    start: LocalDate
    end: LocalDate
    missing_minutes: PlannedMinutes
    exposure_minor: SignedMinorUnits
    """A leak, so below zero."""
    currency: Currency
    clause_id: Identifier


class MissingTime(Record):
    """Everybody who recorded nothing from `start` to `end`, both included."""

    start: LocalDate
    end: LocalDate
    people: tuple[AbsentTime, ...]
