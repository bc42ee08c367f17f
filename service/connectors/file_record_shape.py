"""Which fields a record has and what each holds, read off its schema: `tasks.planned_minutes`."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from data.schemas.values import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One field that a cell can fill."""

    path: str
    """Its name, with the names of what holds it before it."""
    scalar: type
    is_required: bool
    is_several: bool = False
    """Whether it holds a list of values, written into one cell."""
    root: str = ""
    """The list of parts it belongs to: each row of the file brings one part."""


@cache
def leaves_of(model: type[Record]) -> dict[str, Leaf]:
    """Give every field of a record, and of its parts, that a cell can fill, by its path."""
    return {leaf.path: leaf for leaf in _leaves(model, prefix="", root="", is_required=True)}


def _leaves(
    model: type[Record], *, prefix: str, root: str, is_required: bool
) -> Iterator[Leaf]:  # fmt: skip
    for name, field in model.model_fields.items():
        path, kind = f"{prefix}{name}", _bare(field.annotation)
        needed = is_required and field.is_required()
        if _is_record(kind):
            yield from _leaves(kind, prefix=f"{path}.", root=root, is_required=needed)
            continue
        inner = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else None
        if inner is not None and _is_record(inner):
            if not root:
                yield from _leaves(inner, prefix=f"{path}.", root=path, is_required=True)
        elif isinstance(inner or kind, type):
            yield Leaf(
                path=path,
                scalar=inner or kind,
                is_required=needed,
                is_several=inner is not None,
                root=root,
            )


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations have no common type
    """Take away what an annotation says beside the type: constraints, and that None is allowed."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        given = [one for one in get_args(annotation) if one is not type(None)]
        return _bare(given[0]) if len(given) == 1 else annotation
    return annotation


def _is_record(kind: Any) -> bool:  # noqa: ANN401 - annotations have no common type
    return isinstance(kind, type) and issubclass(kind, Record)


def is_word(leaf: Leaf) -> bool:
    """Say whether a field holds text or one of a few words."""
    return leaf.scalar is str or issubclass(leaf.scalar, Enum)
