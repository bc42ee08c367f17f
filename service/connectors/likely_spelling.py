"""What somebody meant: the known word nearest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

NEAR = 0.6
"""Likeness of two words from 0 to 1; below it a suggestion is a guess."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that is spelled most like this one, if any is near."""
    found = difflib.get_close_matches(word, sorted(set(known)), n=1, cutoff=NEAR)
    return found[0] if found else None


def keys_at(model: type[BaseModel], place: tuple[str | int, ...]) -> set[str]:
    """Give the fields that may stand at a place of validation errors of this model."""
    schema = model.model_json_schema()
    around = [schema]
    for step in place:
        around = [inner for one in around for inner in _inside(one, step, root=schema)]
    return {
        name
        for one in around
        for flat in _flat(one, root=schema)
        for name in flat.get("properties", ())
    }


def _inside(schema: dict[str, Any], step: str | int, *, root: dict[str, Any]) -> Iterator[Any]:
    for one in _flat(schema, root=root):
        tagged = one.get("discriminator", {}).get("mapping", {})
        if step in tagged:
            yield {"$ref": tagged[step]}
        elif isinstance(step, int):
            if isinstance(one.get("items"), dict):
                yield one["items"]
        elif step in one.get("properties", {}):
            yield one["properties"][step]
        elif isinstance(one.get("additionalProperties"), dict):
            yield one["additionalProperties"]


def _flat(schema: dict[str, Any], *, root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema, references followed and alternatives opened."""
    if "$ref" in schema:
        yield from _flat(root["$defs"][schema["$ref"].rpartition("/")[2]], root=root)
        return
    yield schema
    # A tagged union is entered by its tag, never by guessing among its members.
    if "discriminator" not in schema:
        for one in schema.get("anyOf", ()):
            yield from _flat(one, root=root)
