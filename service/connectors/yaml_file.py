"""Reads YAML and JSON that people write: dates stay text, a key given twice is refused.

Every place in the file is known by its line and its column.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from data.schemas.batch import SHOWN_VALUE_LENGTH, FieldProblem
from service.connectors.likely_spelling import closest, keys_at
from service.connectors.shown_text import shown

MAX_LISTED_WORDS = 12
"""More known words than this are no list a person reads; the schema holds them."""
MAX_PLACES = 500_000
"""A few lines of aliases upon aliases can stand for more values than memory holds."""

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong at a place of a file, why, and what to do; lines and columns count from 1."""

    place: Place
    line: int
    column: int
    value: str
    reason: str

    @property
    def field(self) -> str:
        """The path of the field, as `terms.0.clauses.2.valid_from`."""
        return shown(".".join(str(step) for step in self.place) or "(file)")

    @property
    def problem(self) -> FieldProblem:
        """The mistake as other rejections are told."""
        return FieldProblem(
            field=f"line {self.line}, {self.field}", value=self.value, reason=self.reason
        )


class FileMistakesError(Exception):
    """A file a person wrote cannot be used; each problem says where, what, why and what to do."""

    def __init__(
        self, path: Path, found: tuple[FieldProblem, ...], *, places: tuple[Mistake, ...] = ()
    ) -> None:
        listed = "\n".join(f"  {one.field}: {one.value}: {one.reason}" for one in found)
        super().__init__(f"{path.name} has {len(found)} mistake(s); correct them:\n{listed}")
        self.path = path
        self.problems = found
        self.places = places
        """The same mistakes with line and column, where the file could not be read at all."""


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
    """The content of one YAML or JSON file, and where each place of it stands."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises FileMistakesError where it is no YAML or gives a key twice."""
        self.path = path
        self._marks: dict[Place, tuple[int, int]] = {}
        try:
            text = path.read_text("utf-8-sig")
            self.content: Any
            if path.suffix == ".json":
                self.content = json.loads(text)
                # Between the tokens of JSON a tab is white space, which YAML does not grant.
                node = yaml.compose(text.replace("\t", " "), Loader=_PlainLoader)
            else:
                node = yaml.compose(text, Loader=_PlainLoader)
                self.content = None if node is None else _PlainLoader("").construct_document(node)
            self._note(node, place=())
        except (OSError, RecursionError, ValueError, yaml.YAMLError) as error:
            self._marks[()] = _place_of(error)
            raise self._unreadable(
                self.mistake((), value=path.name, reason=_told(error))
            ) from error

    def parsed(self, model: type[M], *, place: Place = ()) -> M:
        """Read what stands at `place` strictly as `model`. Raises FileMistakesError."""
        found = self.read(model, place=place)
        if isinstance(found, tuple):
            raise self.mistakes([one.problem for one in found])
        return found

    def read(self, model: type[M], *, place: Place = ()) -> M | tuple[Mistake, ...]:
        """Read what stands at `place` strictly as `model`, or give every mistake in it."""
        try:
            return model.model_validate_json(json.dumps(self.at(place), default=str))
        except ValidationError as error:
            details = error.errors(include_url=False)
            found = [
                self._refused(one, model=model, place=place)
                for one in details
                if not _is_companion(one, details)
            ]
            return tuple(sorted(found, key=lambda one: (one.line, one.column)))

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
        return self.mistake(place, value=value, reason=reason).problem

    def mistake(self, place: Place, *, value: object, reason: str) -> Mistake:
        """Describe a mistake at a place, with the line and the column it stands on."""
        line, column = self._mark(place)
        return Mistake(
            place=place,
            line=line,
            column=column,
            value=shown(value),
            reason=shown(_with_remedy(reason)),
        )

    def mistakes(self, found: list[FieldProblem]) -> FileMistakesError:
        """Give the error that tells all problems of this file."""
        return FileMistakesError(self.path, tuple(found))

    def _unreadable(self, mistake: Mistake) -> FileMistakesError:
        return FileMistakesError(self.path, (mistake.problem,), places=(mistake,))

    def _refused(self, detail: ErrorDetails, *, model: type[BaseModel], place: Place) -> Mistake:
        for step in detail["loc"]:
            around = self.at(place)
            # The kind of a clause is a step of pydantic's place, but none of the file's.
            is_kind = isinstance(around, dict) and around.get("kind") == step and step not in around
            place = place if is_kind else (*place, step)
        if detail["type"] == "union_tag_invalid":
            place = (*place, "kind")
        value = "missing" if detail["type"] == "missing" else _told_value(self.at(place))
        return self.mistake(place, value=value, reason=_reason(detail, model=model))

    def _mark(self, place: Place) -> tuple[int, int]:
        # A missing field has no line of its own: show that of the nearest thing around it.
        for end in range(len(place), -1, -1):
            if place[:end] in self._marks:
                return self._marks[place[:end]]
        return 1, 1

    def _note(self, node: yaml.Node | None, *, place: Place) -> None:
        if node is None:
            return
        if len(self._marks) > MAX_PLACES:
            reason = f"holds more than {MAX_PLACES} values; split the file, check its aliases"
            raise self._unreadable(self.mistake((), value=self.path.name, reason=reason))
        self._marks[place] = _position(node.start_mark)
        if isinstance(node, yaml.SequenceNode):
            for number, one in enumerate(node.value):
                self._note(one, place=(*place, number))
        elif isinstance(node, yaml.MappingNode):
            for key, one in node.value:
                inner = (*place, str(key.value))
                if inner in self._marks:
                    reason = f"is given twice, first on line {self._marks[inner][0]}; keep one"
                    self._marks[inner] = _position(key.start_mark)
                    raise self._unreadable(self.mistake(inner, value=key.value, reason=reason))
                self._note(one, place=inner)
                self._marks[inner] = _position(key.start_mark)


def _is_companion(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list counts as too short when its only members were refused: their reasons suffice."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details
    )


def _told_value(content: object) -> str:
    match content:
        case dict():
            return f"({len(content)} fields)"
        case list():
            return f"(list of {len(content)})"
        case _:
            return repr(content)[:SHOWN_VALUE_LENGTH]


def _position(mark: Any) -> tuple[int, int]:  # noqa: ANN401 - yaml names no type for it
    return mark.line + 1, mark.column + 1


def _place_of(error: Exception) -> tuple[int, int]:
    match error:
        case yaml.MarkedYAMLError(problem_mark=yaml.Mark() as mark):
            return _position(mark)
        case json.JSONDecodeError():
            return error.lineno, error.colno
        case _:
            return 1, 1


def _reason(detail: ErrorDetails, *, model: type[BaseModel]) -> str:
    """Say why, and name what was probably meant where something known is spelled nearly like it."""
    match detail["type"]:
        case "extra_forbidden":
            meant = closest(str(detail["loc"][-1]), keys_at(model, detail["loc"][:-1]))
            reason = "Extra inputs are not permitted; remove it, or correct its spelling"
            return reason if meant is None else f"{reason}: did you mean {meant!r}?"
        case "union_tag_invalid":
            known = re.findall(r"'(\w+)'", detail["ctx"]["expected_tags"])
            return _no_known_word(str(detail["ctx"]["tag"]), known)
        case "enum" | "literal_error":
            known = re.findall(r"'([\w ]+)'", detail["ctx"]["expected"])
            return _no_known_word(str(detail["input"]), known)
        case _:
            return detail["msg"].removeprefix("Value error, ")


def _no_known_word(word: str, known: list[str]) -> str:
    meant = closest(word, known)
    guess = "" if meant is None else f"did you mean {meant!r}? or "
    listed = (
        ", ".join(known)
        if len(known) <= MAX_LISTED_WORDS
        else f"the {len(known)} that `countersign terms schema` lists"
    )
    return f"is not a known word here; {guess}write one of {listed}"


def _told(error: Exception) -> str:
    match error:
        case yaml.MarkedYAMLError(problem_mark=yaml.Mark() as mark):
            return f"is no YAML at line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
        case json.JSONDecodeError():
            where = f"line {error.lineno}, column {error.colno}"
            return f"is no JSON at {where}: {error.msg}"
        case UnicodeDecodeError():
            return "is not written in UTF-8; save it as UTF-8"
        case RecursionError():
            return "is nested too deeply; write it flat"
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
    "valid datetime": "write it as 2026-03-02T09:00:00Z",
    "valid date": "write it as 2026-03-02",
    "valid boolean": "write true or false, without quotes",
    "valid array": "write a list, each entry on a line of its own after a dash",
    "be an object": "write fields and their values, as `name: value`",
    "valid list": "write a list, each entry on a line of its own after a dash",
    "valid tuple": "write a list, each entry on a line of its own after a dash",
    "greater than or equal": "write a larger number",
    "less than or equal": "write a smaller number",
    "at least 1 item": "add one",
    "is no YAML": "correct the line",
    "is no JSON": "correct the line",
    "cannot be read": "check the path",
}
