"""Requests with blanks: `{token}` in a path, a query, a header or a body is filled by its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import Field

BLANK = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
"""A name in braces; any other brace stays as it is, so that JSON may stand in a query."""
FOR_EACH_LINE = "for_each_line"
"""The key of an object that stands for a list: its value is repeated for each line of the bill."""

Template = Annotated[str, Field(max_length=2_000)]
RelativePath = Annotated[
    str,
    Field(min_length=1, max_length=500, pattern=r"^[A-Za-z0-9{._~-][^\s?#\\:]*$"),
]
"""Below the base address: no scheme, no leading slash, no query."""
Values = Mapping[str, str | int | Decimal]


class UnknownBlankError(ValueError):
    """A blank that nothing fills."""

    def __init__(self, name: str, *, known: Sequence[str]) -> None:
        super().__init__(f"has the blank {{{name}}}, which nothing fills; it may be one of "
                         + ", ".join(f"{{{one}}}" for one in known))  # fmt: skip
        self.name = name


def blanks_of(template: object) -> Iterator[str]:
    """Give the name of each blank in a template of any shape."""
    match template:
        case str():
            yield from BLANK.findall(template)
        case dict():
            for one in template.values():
                yield from blanks_of(one)
        case list() | tuple():
            for one in template:
                yield from blanks_of(one)
        case _:
            return


def refuse_unknown_blanks(template: object, *, known: Sequence[str]) -> None:
    """Raise UnknownBlankError for the first blank that nothing will fill."""
    for name in blanks_of(template):
        if name not in known:
            raise UnknownBlankError(name, known=known)


def filled_text(template: str, *, values: Values) -> str:
    """Give the text with its blanks filled."""
    return BLANK.sub(lambda found: _plain(values[found[1]]), template)


def filled_path(template: str, *, values: Values) -> str:
    """Give a path with its blanks filled, each as one step: a slash in a value stays in it."""
    return BLANK.sub(lambda found: quote(_plain(values[found[1]]), safe=""), template)


def filled_body(template: Any, *, values: Values, lines: Sequence[Values] = ()) -> Any:  # noqa: ANN401 - any JSON
    """Give a body with its blanks filled; `for_each_line` becomes a list.

    Text that is one blank and nothing else becomes the value itself: a number stays a number.
    """
    match template:
        case str():
            alone = BLANK.fullmatch(template)
            return _typed(values[alone[1]]) if alone else filled_text(template, values=values)
        case dict() if set(template) == {FOR_EACH_LINE}:
            inner = template[FOR_EACH_LINE]
            return [filled_body(inner, values={**values, **line}) for line in lines]
        case dict():
            return {
                key: filled_body(one, values=values, lines=lines) for key, one in template.items()
            }
        case list() | tuple():
            return [filled_body(one, values=values, lines=lines) for one in template]
        case _:
            return template


def _plain(value: str | int | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _typed(value: str | int | Decimal) -> str | int | float:
    """A Decimal is asked for where the other system wants a JSON number.

    Money here has at most fourteen digits, and every number of fifteen is written by a float with
    exactly the digits it was read from.
    """
    return number_of(value) if isinstance(value, Decimal) else value


def number_of(value: Decimal) -> int | float:
    """Give a JSON number with exactly these digits, of which there are at most fifteen."""
    return int(value) if value == value.to_integral_value() else float(value)
