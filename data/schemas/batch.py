"""Raw rows in, records and rejections out: every row is accounted for, none is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from data.schemas.items import ITEM, AnyItem
from data.schemas.values import ContradictionError, Record, Text
from data.schemas.vocabulary import ItemKind

T = TypeVar("T")
SHOWN_VALUE_LENGTH = 80
REASONS = {
    "extra_forbidden": "is not a known field; remove it",
    "json_invalid": "is not readable as JSON; look for broken characters or a missing end",
}
"""Words for people where those of the validator are for programmers."""


class FieldProblem(Record):
    """What is wrong with one field: where, what stands there, and why it is refused."""

    field: Text
    value: Text
    reason: Text


class Rejection(Record):
    """A row given back, with its place in the batch and every reason."""

    row: int
    external_id: str | None
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """Accepted records with their row numbers, and the rejections; together they are all rows."""

    accepted: tuple[tuple[int, T], ...]
    rejected: tuple[Rejection, ...]


def parse_items(rows: Sequence[object]) -> Batch[AnyItem]:
    """Read raw items (as decoded from JSON); a repeated external id rejects the later row."""
    batch = parse_rows(rows, adapter=ITEM)
    seen: set[str] = set()
    kept, refused = [], list(batch.rejected)
    for row, item in batch.accepted:
        if item.item_id in seen:
            refused.append(_repeated(row, item))
        else:
            seen.add(item.item_id)
            kept.append((row, item))
    return Batch(tuple(kept), tuple(sorted(refused, key=lambda one: one.row)))


def parse_rows(rows: Iterable[object], *, adapter: TypeAdapter[T]) -> Batch[T]:
    """Read raw rows (as decoded from JSON) with `adapter`, strictly."""
    accepted: list[tuple[int, T]] = []
    rejected: list[Rejection] = []
    for number, raw in enumerate(rows):
        try:
            accepted.append((number, adapter.validate_json(json.dumps(raw))))
        except ValidationError as error:
            rejected.append(
                Rejection(row=number, external_id=_external_id(raw), problems=problems(error))
            )
    return Batch(tuple(accepted), tuple(rejected))


def problems(error: ValidationError) -> tuple[FieldProblem, ...]:
    """Turn a validation error into field, value and reason, for people."""
    details = error.errors(include_url=False)
    return tuple(_problem(detail) for detail in details if not _is_companion(detail, details))


def _is_companion(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """A list counts as too short when its only members were refused: their reasons suffice."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details
    )


def _problem(detail: ErrorDetails) -> FieldProblem:
    place = [str(part) for part in detail["loc"] if part not in set(ItemKind)]
    context = detail.get("ctx", {})
    contradiction = context.get("error")
    if detail["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return _kind_problem(place, context)
    if isinstance(contradiction, ContradictionError):
        field = [*place, contradiction.field]
        return _field_problem(field, _shown(contradiction.value), str(contradiction))
    if detail["type"] == "missing":
        return _field_problem(place, "(missing)", "is required; add it")
    reason = REASONS.get(detail["type"], detail["msg"].removeprefix("Value error, "))
    return _field_problem(place, _shown(detail["input"]), reason)


def _kind_problem(place: Sequence[str], context: Mapping[str, str]) -> FieldProblem:
    if "tag" not in context:
        known = " or ".join(ItemKind) if not place else "one of the documented kinds"
        return _field_problem([*place, "kind"], "(missing)", f"is required; use {known}")
    known = " or ".join(re.findall(r"'(\w+)'", context["expected_tags"]))
    reason = f"is not a known kind; use {known}"
    return _field_problem([*place, "kind"], _shown(context["tag"]), reason)


def _field_problem(place: Sequence[str], value: str, reason: str) -> FieldProblem:
    field = _shortened(_visible(".".join(place)))
    return FieldProblem(field=field or "(item)", value=value, reason=reason)


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever the caller sent
    if isinstance(value, dict | list):
        return f"({type(value).__name__} of {len(value)})"
    shown = repr(value).encode("ascii", "backslashreplace").decode()
    return _shortened(shown)


def _visible(text: str) -> str:
    """Names that callers chose, safe to show and to store: hidden characters are spelled out."""
    return text if text.isprintable() else repr(text)[1:-1]


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_VALUE_LENGTH else text[:SHOWN_VALUE_LENGTH] + "..."


def _external_id(raw: object) -> str | None:
    name = raw.get("external_id") if isinstance(raw, dict) else None
    return _visible(name) if isinstance(name, str) else None


def _repeated(row: int, item: AnyItem) -> Rejection:
    problem = FieldProblem(
        field="external_id",
        value=repr(item.external_id),
        reason="stands twice in this batch; the first row was taken, send the other on its own",
    )
    return Rejection(row=row, external_id=item.external_id, problems=(problem,))
