"""The parameters of a clause as fields of a form: what kind of input each needs, and back again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from data.schemas.clauses import ClauseTerms
from data.schemas.values import Record, minor_per_major
from data.schemas.vocabulary import ClauseKind
from review_app import formats

TERMS: dict[ClauseKind, type[Record]] = {
    one.model_fields["kind"].default: one for one in get_args(get_args(ClauseTerms)[0])
}
"""The shape of each kind of clause."""
_READ: TypeAdapter[ClauseTerms] = TypeAdapter(ClauseTerms)


class Input(StrEnum):
    """How a person writes a parameter."""

    MONEY = "money"
    NUMBER = "number"
    SHARE = "share"
    DAY = "day"
    YES_NO = "yes_no"
    CHOICE = "choice"
    WORD = "word"
    WORDS = "words"
    """Several names, one on each line."""
    JSON = "json"
    """A list of records, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseField:
    """One parameter of a clause in a form."""

    name: str
    label: str
    input: Input
    is_required: bool
    shown: Any
    """What stands in the field at first; None for nothing."""
    choices: tuple[str, ...] = ()


class UnreadableTermsError(ValueError):
    """What was written is no such clause; `problems` says which field and why."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def fields_of(
    kind: ClauseKind, terms: ClauseTerms | None, *, currency: str
) -> Iterator[ClauseField]:
    """Give the fields of a kind of clause, filled with what was read."""
    for name, field in TERMS[kind].model_fields.items():
        if name == "kind":
            continue
        inner = _without_none(field.annotation)
        how = _input_of(name, inner)
        told = getattr(terms, name) if terms is not None else None
        if told is None and not field.is_required():
            told = field.get_default(call_default_factory=True)
        yield ClauseField(
            name=name,
            label=_label(name, how, currency=currency),
            input=how,
            is_required=field.is_required(),
            shown=_shown(told, how, currency=currency),
            choices=tuple(one.value for one in inner) if how is Input.CHOICE else (),
        )


def read_terms(
    kind: ClauseKind, written: Mapping[str, Any], *, inputs: Mapping[str, Input], currency: str
) -> ClauseTerms:
    """Read a filled form. Raises UnreadableTermsError with every field that is wrong."""
    given: dict[str, Any] = {"kind": kind.value}
    problems = []
    for name, value in written.items():
        try:
            told = _read(value, inputs[name], currency=currency)
        except ValueError:
            problems.append(f"{formats.words(name)}: is no JSON; write a list of records")
            continue
        if told is not None:
            given[name] = told
    if problems:
        raise UnreadableTermsError(tuple(problems))
    try:
        return _READ.validate_json(json.dumps(given))
    except ValidationError as error:
        raise UnreadableTermsError(tuple(_told(one) for one in error.errors())) from error


def _told(error: Any) -> str:  # noqa: ANN401 - pydantic's error details
    place = [str(part) for part in error["loc"] if part not in set(ClauseKind)]
    name = formats.words(".".join(place)) if place else "The clause"
    return f"{name}: {error['msg'].removeprefix('Value error, ')}"


def _input_of(name: str, kind: Any) -> Input:  # noqa: ANN401, PLR0911 - one line a kind of value
    if get_origin(kind) is tuple:
        element = _without_none(get_args(kind)[0])
        is_record = isinstance(element, type) and issubclass(element, Record)
        return Input.JSON if is_record else Input.WORDS
    if kind is bool:
        return Input.YES_NO
    if kind is float:
        return Input.SHARE
    if kind is int:
        return Input.MONEY if name.endswith("_minor") else Input.NUMBER
    if kind is date:
        return Input.DAY
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Input.CHOICE
    return Input.WORD


def _without_none(annotation: Any) -> Any:  # noqa: ANN401 - a type
    while get_origin(annotation) in {Union, UnionType} or hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation


def _label(name: str, how: Input, *, currency: str) -> str:
    words = formats.words(name.removeprefix("is_").removesuffix("_minor"))
    match how:
        case Input.MONEY:
            return f"{words} ({currency})"
        case Input.SHARE:
            return f"{words} (share from 0 to 1)"
        case Input.WORDS:
            return f"{words} (one on each line)"
        case Input.JSON:
            return f"{words} (JSON)"
        case _:
            return words


def _shown(told: Any, how: Input, *, currency: str) -> Any:  # noqa: ANN401 - any parameter
    if told is None:
        return None
    match how:
        case Input.MONEY:
            return told / minor_per_major(currency)
        case Input.CHOICE:
            return told.value
        case Input.WORDS:
            return "\n".join(str(one) for one in told)
        case Input.JSON:
            return json.dumps([one.model_dump(mode="json") for one in told], indent=1)
        case _:
            return told


def _read(value: Any, how: Input, *, currency: str) -> Any:  # noqa: ANN401 - any parameter
    written: Any = value.strip() if isinstance(value, str) else value
    if how is Input.WORDS:
        return [line.strip() for line in (written or "").splitlines() if line.strip()]
    if written is None or written == "":
        return None
    match how:
        case Input.MONEY:
            return round(written * minor_per_major(currency))
        case Input.DAY:
            return written.isoformat()
        case Input.JSON:
            return json.loads(written)
        case _:
            return written
