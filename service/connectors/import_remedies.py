"""Parts a reason for people into why and what to do."""

from __future__ import annotations

from data.schemas.batch import FieldProblem
from service.wire.imports import ToldProblem

CORRECT_AND_REPEAT = "correct the cell and import the file again"
_REMEDIES = {
    "is required": "fill the cell, or give the rule a default",
    "is more than 1440": "write the time of one day, or correct `unit` in the mapping",
    "is more than": "correct the figure, or `unit` in the mapping",
    "is longer than": "shorten it",
    "does not lie after started_at": "correct the times; work past midnight is two rows",
    "is none of": "write one of those, or translate it by `replace` in the mapping",
    "is not a known ISO 4217": "write three capitals such as EUR",
    "hidden character": "type the text anew without it",
    "stands twice": "remove one of the rows, or give it an id of its own",
    "more minutes on": "correct the minutes of that day",
    "a day has 1440": "correct the minutes of that day",
    "entries a timesheet may hold": "write `period: day` in the mapping, or split the work",
    "partner rows": "correct the key in one of the files",
    "where the first row names": "check quotes and separators",
}


def told_problem(problem: FieldProblem) -> ToldProblem:
    """Give a problem with its remedy on its own; every problem has one."""
    reason, mark, remedy = problem.reason.partition("; ")
    if not mark:
        remedy = next(
            (known for sign, known in _REMEDIES.items() if sign in reason), CORRECT_AND_REPEAT
        )
    return ToldProblem(field=problem.field, value=problem.value, reason=reason, remedy=remedy)
