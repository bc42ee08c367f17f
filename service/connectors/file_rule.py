"""How one field is taken from a row: the words of every mapping, whatever the file holds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.values import Name, Record, Text


class Unit(StrEnum):
    """What a number in a column counts."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    """Hours as a number, 7.5, or as on a clock, 7:30."""
    MAJOR = "major"
    """Money as people write it: 180.00."""
    MINOR = "minor"
    """Money in the currency's smallest unit: 18000."""
    PERCENT = "percent"
    """A share written as 75 that means 0.75."""


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
    """For numbers: seconds, minutes or hours of time, major or minor units of money, percent."""
    formats: tuple[Name, ...] = ()
    """For dates and times: formats of strptime, tried in order; ISO 8601 is always read."""
    split: Annotated[str, Field(min_length=1, max_length=3)] | None = None
    """For fields that hold several values: what stands between them in the cell."""

    @model_validator(mode="after")
    def _one_origin(self) -> Rule:
        given = [one for one in (self.column, self.template, self.constant) if one is not None]
        if len(given) != 1:
            raise ValueError("names not one of column, template and constant; write exactly one")
        return self


class Condition(Record):
    """Holds for rows whose column holds one of these words."""

    column: Name
    is_one_of: Annotated[tuple[Text, ...], Field(min_length=1)]

    def holds(self, cells: dict[str, str]) -> bool:
        """Say whether a row fulfils the condition."""
        return cells.get(self.column, "") in self.is_one_of
