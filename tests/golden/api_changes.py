"""Says what in a newer description of the API would break a client of an older one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

Node = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
ASKED, TOLD = "request", "answer"
LEAST = ("minLength", "minimum", "minItems", "exclusiveMinimum")
MOST = ("maxLength", "maximum", "maxItems", "exclusiveMaximum")


def breaking_changes(old: Node, new: Node) -> list[str]:
    """Name every removal, every new duty of callers and every narrowed type; additions are none."""
    return sorted(set(_Comparison(old, new).changes()))


@dataclass(frozen=True)
class _Comparison:
    old: Node
    new: Node
    known: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    """What was found of two named shapes, so that each pair is compared once."""

    def changes(self) -> Iterator[str]:
        for path, described in self.old["paths"].items():
            for method in METHODS:
                if method not in described:
                    continue
                name = f"{method.upper()} {path}"
                now = self.new["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{name}: gone"
                else:
                    yield from self._operation(name, described[method], now)

    def _operation(self, name: str, was: Node, now: Node) -> Iterator[str]:
        yield from self._parameters(name, was, now)
        yield from self._body(name, was.get("requestBody"), now.get("requestBody"))
        for status, answer in was["responses"].items():
            if not status.startswith("2"):
                continue
            if status not in now["responses"]:
                yield f"{name}: does not answer {status} any more"
                continue
            yield from self._content(f"{name} {status}", answer, now["responses"][status], TOLD)

    def _parameters(self, name: str, was: Node, now: Node) -> Iterator[str]:
        before, after = _by_name(was, self.old), _by_name(now, self.new)
        for key in before.keys() - after.keys():
            yield f"{name}: takes no {key} any more"
        for key, one in after.items():
            is_needed = one.get("required", False)
            if is_needed and not before.get(key, {}).get("required", False):
                yield f"{name}: needs {key}"
            if key in before:
                where = f"{name} {key}"
                yield from self._schema(where, before[key]["schema"], one["schema"], ASKED, ())

    def _body(self, name: str, was: Node | None, now: Node | None) -> Iterator[str]:
        if was is None or now is None:
            if was is not None:
                yield f"{name}: takes no body any more"
            elif now is not None and now.get("required", False):
                yield f"{name}: needs a body"
            return
        if now.get("required", False) and not was.get("required", False):
            yield f"{name}: needs a body"
        yield from self._content(f"{name} body", was, now, ASKED)

    def _content(self, where: str, was: Node, now: Node, side: str) -> Iterator[str]:
        for kind, media in was.get("content", {}).items():
            after = now.get("content", {}).get(kind)
            if after is None:
                yield f"{where}: no {kind} any more"
            elif "schema" in media:
                yield from self._schema(where, media["schema"], after["schema"], side, ())

    def _schema(
        self, where: str, was: Node, now: Node, side: str, seen: tuple[str, ...]
    ) -> Iterator[str]:
        name, pair = was.get("$ref", ""), (was.get("$ref", ""), now.get("$ref", ""), side)
        if name in seen:
            return
        if not name or not pair[1]:
            yield from self._shape(where, was, now, side, seen)
            return
        if pair not in self.known:
            self.known[pair] = [*self._shape("", was, now, side, (*seen, name))]
        yield from (f"{where}{one}" for one in self.known[pair])

    def _shape(
        self, where: str, was: Node, now: Node, side: str, seen: tuple[str, ...]
    ) -> Iterator[str]:
        was, now = _resolved(was, self.old), _resolved(now, self.new)
        if _variants(was) or _variants(now):
            yield from self._choice(where, was, now, side, seen)
            return
        yield from _types(where, was, now, side)
        yield from self._fields(where, was, now, side, seen)
        if "items" in was and "items" in now:
            yield from self._schema(f"{where}[]", was["items"], now["items"], side, seen)
        if side == ASKED:
            yield from _narrowed(where, was, now)

    def _choice(
        self, where: str, was: Node, now: Node, side: str, seen: tuple[str, ...]
    ) -> Iterator[str]:
        before, after = _variants(was) or [was], _variants(now) or [now]
        kept, offered = (before, after) if side == ASKED else (after, before)
        for one in kept:
            pairs = product([one], offered) if side == ASKED else product(offered, [one])
            if not any(not [*self._schema(where, *pair, side, seen)] for pair in pairs):
                yield f"{where}: {_named(one)} is no choice that both versions know"

    def _fields(
        self, where: str, was: Node, now: Node, side: str, seen: tuple[str, ...]
    ) -> Iterator[str]:
        before, after = was.get("properties", {}), now.get("properties", {})
        if before and not after:
            return
        for key, one in before.items():
            if key not in after:
                yield f"{where}.{key}: gone"
            else:
                yield from self._schema(f"{where}.{key}", one, after[key], side, seen)
        duties, then = set(was.get("required", ())), set(now.get("required", ()))
        if side == ASKED:
            yield from (f"{where}.{key}: needed now" for key in then - duties)
        else:
            yield from (f"{where}.{key}: may be missing now" for key in duties - then)


def _types(where: str, was: Node, now: Node, side: str) -> Iterator[str]:
    before, after = _type_names(was), _type_names(now)
    wide, narrow = (after, before) if side == ASKED else (before, after)
    if wide and not narrow <= wide:
        yield f"{where}: {'/'.join(sorted(before)) or 'anything'} became {'/'.join(sorted(after))}"
    if side == ASKED and "enum" in now:
        lost = set(was.get("enum", ())) - set(now["enum"])
        if lost or "enum" not in was:
            yield f"{where}: takes fewer values: {', '.join(map(str, sorted(lost))) or 'a list'}"


def _narrowed(where: str, was: Node, now: Node) -> Iterator[str]:
    for key in MOST:
        if key in now and (key not in was or now[key] < was[key]):
            yield f"{where}: {key} is {now[key]}"
    for key in LEAST:
        if key in now and (key not in was or now[key] > was[key]):
            yield f"{where}: {key} is {now[key]}"
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"{where}: another pattern"


def _type_names(node: Node) -> set[str]:
    named = node.get("type", [])
    return {named} if isinstance(named, str) else set(named)


def _variants(node: Node) -> list[Node]:
    return [*node.get("anyOf", ()), *node.get("oneOf", ())]


def _resolved(node: Node, document: Node) -> Node:
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _by_name(operation: Node, document: Node) -> dict[str, Node]:
    given = (_resolved(one, document) for one in operation.get("parameters", ()))
    return {f"{one['in']} {one['name']}": one for one in given}


def _named(node: Node) -> str:
    return node.get("$ref", "").rpartition("/")[2] or json.dumps(node, sort_keys=True)[:60]
