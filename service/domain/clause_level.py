"""Which clauses stand in for each other: of one kind, on one line, about one thing."""

from __future__ import annotations

from datetime import date

from data.schemas.clauses import LaborCategoryHours, NotToExceed
from data.schemas.contracts import Clause

Level = tuple[str, str, str]


def level_of(clause: Clause) -> Level:
    """Give kind, line and subject; of one level only one clause is in force on a day.

    Ceilings of different customers and caps of different labor categories stand side by side.
    """
    match clause.terms:
        case NotToExceed(client_id=client_id):
            subject = client_id or ""
        case LaborCategoryHours(labor_category=category):
            subject = category
        case _:
            subject = ""
    return clause.terms.kind, clause.line_id or "", subject


def are_in_force_together(one: Clause, other: Clause) -> bool:
    """Say whether there is a day on which both would be in force."""
    return _starts_by(one, other.valid_to) and _starts_by(other, one.valid_to)


def _starts_by(clause: Clause, day: date | None) -> bool:
    return day is None or clause.valid_from <= day
