"""Rows of a business system that cannot be tied to a contract line, or are left out on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.batch import FieldProblem, Rejection
from service.connectors.shown_text import shown


class UnmappedError(Exception):
    """A row that cannot be tied to a contract line."""

    def __init__(self, *, field: str, value: object, reason: str) -> None:
        super().__init__(f"{field} {value!r} {reason}")
        self.field = field
        self.value = value
        self.reason = reason


class IgnoredProjectError(Exception):
    """A row of a project the terms file leaves out."""


def known_person(name: str, *, people: Mapping[str, str], system: str) -> str:
    """Our id of a person the terms file names. Raises UnmappedError where the system has none."""
    if name not in people:
        raise UnmappedError(
            field="employee",
            value=name,
            reason=f"of the terms file is nobody in {system}; correct the name",
        )
    return people[name]


def rejection_of(number: int, *, external_id: str, error: UnmappedError) -> Rejection:
    """Give a row back with the reason; `number` counts the rows from 0."""
    problem = FieldProblem(field=error.field, value=shown(error.value), reason=shown(error.reason))
    return Rejection(row=number, external_id=external_id, problems=(problem,))
