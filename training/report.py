"""One part of an evaluation: a table that people read, and figures that machines compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one part of an evaluation came to."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Mapping[str, float]
    """By name, for the JSON at the end."""
    notes: Sequence[str] = ()
    """What a reader must know to read the table rightly."""


def as_text(report: Report) -> str:
    """Lay a report out as an aligned table under its title."""
    table = [list(report.columns), *[list(row) for row in report.rows]]
    widths = [max(len(row[place]) for row in table) for place in range(len(report.columns))]
    lines = [
        "  ".join(_cell(cell, width, is_first=place == 0)
                  for place, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in table
    ]  # fmt: skip
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([report.title, lines[0], rule, *lines[1:], *report.notes])


def _cell(cell: str, width: int, *, is_first: bool) -> str:
    return cell.ljust(width) if is_first else cell.rjust(width)
