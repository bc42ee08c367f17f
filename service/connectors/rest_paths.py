"""Places in a JSON document, written as dotted names: `data.items`, `customer.0.name`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated

from pydantic import Field

DottedPath = Annotated[str, Field(max_length=200, pattern=r"^([^.\s]+(\.[^.\s]+)*)?$")]
"""Names from the outside in, with a point between; a number counts in a list from 0. Empty: all."""

NamedPath = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^.\s]+(\.[^.\s]+)*$")]
"""The same, and never empty."""


def at(document: object, path: str) -> object:
    """Give what stands at a place, or None where nothing does."""
    found = document
    for step in path.split(".") if path else ():
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def cells_of(document: object) -> dict[str, str]:
    """Give every value of a document as text, under its dotted name.

    Numbers keep the digits they were sent with; null, and a list or object without members, is
    empty; `customer` also stands for `customer.id` and so on only where it is a plain value.
    """
    cells: dict[str, str] = {}
    _flatten(document, name="", into=cells)
    return cells


def text_of(value: object) -> str:
    """Give one value as text; a list or an object as JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case _:
            return json.dumps(value, default=str, ensure_ascii=False)


def _flatten(value: object, *, name: str, into: dict[str, str]) -> None:
    members: dict[str, object] = {}
    if isinstance(value, dict):
        members = {str(key): one for key, one in value.items()}
    elif isinstance(value, list):
        members = {str(place): one for place, one in enumerate(value)}
    else:
        into[name] = text_of(value)
    for key, one in members.items():
        _flatten(one, name=f"{name}.{key}" if name else key, into=into)
    if name and not members and isinstance(value, (dict, list)):
        into[name] = ""
