"""Why rows were given back, told short: by field, with the first row of each in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from data.schemas.batch import FieldProblem, Rejection


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
