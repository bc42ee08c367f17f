"""Why rows were given back, told short: by field, with the first row of each in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from data.schemas.batch import FieldProblem, Rejection
from service.wire.imports import GivenBackRow

WHOLE_ROW = "(row)"
FIELDS_TOLD = 20
"""A terminal shows this many; the file of rejections holds them all."""


def tell_rejections(rejections: Iterable[Rejection], *, say: Callable[[str], None]) -> None:
    """Say for each field how many rows were given back for it, and one of them."""
    found: dict[str, list[tuple[Rejection, FieldProblem]]] = {}
    for rejection in rejections:
        for problem in rejection.problems:
            found.setdefault(problem.field, []).append((rejection, problem))
    for field, those in sorted(found.items(), key=lambda one: -len(one[1])):
        first, problem = those[0]
        name = f"row {first.row}" if first.external_id is None else f"id {first.external_id!r}"
        count = "1 row is" if len(those) == 1 else f"{len(those)} rows are"
        say(f"  {count} not taken for {field}; first {name}: {problem.value!r} {problem.reason}")


def tell_given_back(rows: Iterable[GivenBackRow], *, say: Callable[[str], None]) -> None:
    """Say for each field how many rows were given back for it, and what to do with the first."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for row in rows:
        for one in row.problems:
            counts[one.field] += 1
            place = f"id {row.external_id!r}" if row.row is None else f"row {row.row}"
            told = f"{place}: {one.value!r} {one.reason}; {one.remedy}"
            first.setdefault(one.field, told)
    for field, count in counts.most_common(FIELDS_TOLD):
        rejected, shape = ("1 row is", "its") if count == 1 else (f"{count} rows are", "their")
        cause = f"{shape} shape" if field == WHOLE_ROW else field
        say(f"  {rejected} not taken for {cause}; first {first[field]}")
    if len(counts) > FIELDS_TOLD:
        say(f"  and more, for {len(counts) - FIELDS_TOLD} further fields")
