"""Reads YAML that people write: dates stay text, a key given twice is refused, places are known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from data.schemas.batch import SHOWN_VALUE_LENGTH, FieldProblem
from service.connectors.shown_text import shown

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]


class FileMistakesError(Exception):
    """A file a person wrote cannot be used; each problem says where, what, why and what to do."""

    def __init__(self, path: Path, found: tuple[FieldProblem, ...]) -> None:
        listed = "\n".join(f"  {one.field}: {one.value}: {one.reason}" for one in found)
        super().__init__(f"{path.name} has {len(found)} mistake(s); correct them:\n{listed}")
        self.path = path
        self.problems = found


_NO_GUESSES = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"})


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML in which 2026-03-02, on and NO stay the text they are, as in JSON."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] not in _NO_GUESSES]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)


class YamlFile:
    """The content of one YAML file, and the line each place of it stands on."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises FileMistakesError where it is no YAML or gives a key twice."""
        self.path = path
        self._lines: dict[Place, int] = {}
        try:
            node = yaml.compose(path.read_text("utf-8-sig"), Loader=_PlainLoader)
            self.content: Any = None if node is None else _PlainLoader("").construct_document(node)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise self.mistakes([self.problem((), value=path.name, reason=_told(error))]) from error
        self._note(node, place=())

    def parsed(self, model: type[M], *, place: Place = ()) -> M:
        """Read what stands at `place` strictly as `model`. Raises FileMistakesError."""
        try:
            return model.model_validate_json(json.dumps(self.at(place), default=str))
        except ValidationError as error:
            raise self.mistakes(
                [self._refused(one, place=place) for one in error.errors()]
            ) from error

    def at(self, place: Place) -> Any:  # noqa: ANN401 - any YAML content
        """Give what stands at a place, or None."""
        content = self.content
        for step in place:
            try:
                content = content[step]
            except (KeyError, IndexError, TypeError):
                return None
        return content

    def problem(self, place: Place, *, value: object, reason: str) -> FieldProblem:
        """Describe a mistake at a place, with the line it stands on."""
        name = ".".join(str(step) for step in place) or "(file)"
        return FieldProblem(
            field=f"line {self._line(place)}, {shown(name)}",
            value=shown(value),
            reason=shown(_with_remedy(reason)),
        )

    def mistakes(self, found: list[FieldProblem]) -> FileMistakesError:
        """Give the error that tells all problems of this file."""
        return FileMistakesError(self.path, tuple(found))

    def _refused(self, detail: ErrorDetails, *, place: Place) -> FieldProblem:
        for step in detail["loc"]:
            around = self.at(place)
            # The kind of a clause is a step of pydantic's place, but none of the file's.
            is_kind = isinstance(around, dict) and around.get("kind") == step and step not in around
            place = place if is_kind else (*place, step)
        told = repr(detail["input"])[:SHOWN_VALUE_LENGTH]
        value = "missing" if detail["type"] == "missing" else told
        return self.problem(place, value=value, reason=detail["msg"].removeprefix("Value error, "))

    def _line(self, place: Place) -> int:
        # A missing field has no line of its own: show that of the nearest thing around it.
        for end in range(len(place), -1, -1):
            if place[:end] in self._lines:
                return self._lines[place[:end]]
        return 1

    def _note(self, node: yaml.Node | None, *, place: Place) -> None:
        if node is None:
            return
        self._lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            for number, one in enumerate(node.value):
                self._note(one, place=(*place, number))
        elif isinstance(node, yaml.MappingNode):
            for key, one in node.value:
                inner = (*place, str(key.value))
                if inner in self._lines:
                    reason = f"is given twice, first on line {self._lines[inner]}; keep one"
                    raise self.mistakes([self.problem(place, value=key.value, reason=reason)])
                self._note(one, place=inner)
                self._lines[inner] = key.start_mark.line + 1


def _told(error: Exception) -> str:
    match error:
        case yaml.MarkedYAMLError(problem_mark=yaml.Mark() as mark):
            return f"is no YAML at line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
        case UnicodeDecodeError():
            return "is not written in UTF-8; save it as UTF-8"
        case _:
            return f"cannot be read: {error}"


def _with_remedy(reason: str) -> str:
    if ";" in reason:
        return reason
    for sign, remedy in _REMEDIES.items():
        if sign in reason:
            return f"{reason}; {remedy}"
    return f"{reason}; correct the value"


_REMEDIES = {
    "Field required": "add it",
    "Extra inputs": "remove it, or correct its spelling",
    "does not match any of the expected tags": "write one of those",
    "valid integer": "write a whole number (money in minor units: 180.00 is 18000)",
    "valid string": "write text, in quotes where it looks like a number",
    "valid date": "write it as 2026-03-02",
    "valid datetime": "write it as 2026-03-02T09:00:00Z",
    "is no YAML": "correct the line",
    "cannot be read": "check the path",
}
