"""Words the refusals of records for people who look at a file: by column, and in plain reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import ValidationError

from data.schemas.batch import FieldProblem, Rejection, problems
from service.connectors.file_rows import FileRow
from service.connectors.file_rule import Rule
from service.connectors.shown_text import shown

_PLAIN = (
    (re.compile(r"^Input should be less than or equal to (.+)$"), r"is more than \1"),
    (re.compile(r"^Input should be greater than or equal to (.+)$"), r"is less than \1"),
    (re.compile(r"^String should have at most (\d+) characters?$"), r"is longer than \1"),
    (re.compile(r"^String should have at least (\d+) characters?$"), r"is empty"),
    (re.compile(r"^Input should be ('.+)$"), r"is none of \1"),
)  # fmt: skip


def refused(
    row: FileRow, *, error: ValidationError, rules: Mapping[str, Rule], row_id: str | None
) -> Rejection:
    """Give a row back for what its record says against it."""
    found = problems(error)
    told = [_told(one, row=row, rules=rules) for one in found]
    # What follows from a column that is named already would only be a second word for it.
    named = tuple(one for one, known in told if known)
    return Rejection(
        row=row.number, external_id=row_id, problems=named or tuple(one for one, _ in told)
    )


def _told(
    problem: FieldProblem, *, row: FileRow, rules: Mapping[str, Rule]
) -> tuple[FieldProblem, bool]:
    steps = [step for step in problem.field.split(".") if not step.isdigit()]
    names = [".".join(steps[start:]) for start in range(len(steps))]
    rule = next((rules[name] for name in names if name in rules), None)
    reason = problem.reason
    for pattern, plain in _PLAIN:
        reason = pattern.sub(plain, reason)
    column = rule.column if rule else None
    value = shown(row.cells.get(column, "")) if column else problem.value.strip("'")
    if value.strip() != problem.value and reason.startswith(("is more than", "is less than")):
        reason = f"makes {problem.value} {_unit(steps[-1])}, which {reason}".replace("  ", " ")
    field = column or (rule.template if rule else None) or problem.field
    return FieldProblem(field=shown(field), value=value, reason=reason), rule is not None


def _unit(name: str) -> str:
    if name.endswith("_minor"):
        return "minor units"
    return "minutes" if "minutes" in name else ""
