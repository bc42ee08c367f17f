"""Clauses as people read them: each figure with its unit, under a name in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum

from data.schemas.clauses import ClauseTerms
from data.schemas.contracts import Clause
from data.schemas.values import Record
from data.schemas.vocabulary import ClauseKind
from review_app import formats

UNITS = ("_minor", "_minutes", "_days", "_day", "_years", "_words")
"""Endings of names that say the unit; they are told with the figure."""


def kind_words(kind: ClauseKind) -> str:
    """`not_to_exceed` as people say it: `Not to exceed`."""
    return formats.words(kind)


def parameters(terms: Record, *, currency: str) -> Iterator[tuple[str, str]]:
    """Give each parameter of a clause as name and value; what was left open is left out."""
    for name in type(terms).model_fields:
        told = getattr(terms, name)
        if name != "kind" and told is not None and told != ():
            yield _name(name), _value(name, told, currency=currency)


def in_one_line(terms: ClauseTerms, *, currency: str) -> str:
    """`Limit EUR 720,000.00; soft limit EUR 576,000.00`."""
    told = [f"{name} {value}" for name, value in parameters(terms, currency=currency)]
    return "; ".join(told) or "no figures"


def held_from_to(clause: Clause) -> str:
    """`from 10 Dec 2025`, or with its last day."""
    since = formats.full_day(clause.valid_from)
    if clause.valid_to is None:
        return f"from {since}"
    return f"{since} to {formats.full_day(clause.valid_to)}"


def place_of(clause: Clause) -> str:
    """Where it stands in the document, and who stands behind it."""
    place = "" if clause.source is None else f"page {clause.source.page} of the document; "
    by = clause.confirmed_by
    return f"{place}{f'confirmed by {by}' if by else 'confirmed by nobody'}"


def _name(name: str) -> str:
    if name.startswith("is_"):
        return formats.words(name.removeprefix("is_"))
    ending = next((one for one in UNITS if name.endswith(one)), "")
    return formats.words(name.removesuffix(ending))


def _value(name: str, told: object, *, currency: str) -> str:  # noqa: PLR0911 - one line a unit
    match told:
        case bool():
            return "yes" if told else "no"
        case Enum():
            return formats.words(str(told.value))
        case date():
            return formats.full_day(told)
        case int() if name.endswith("_minor"):
            return formats.money(told, currency=currency)
        case int() if name.endswith("_minutes"):
            return formats.hours(told)
        case int() if name.endswith(("_days", "_years", "_words")):
            return f"{formats.count(told)} {name.rpartition('_')[2]}"
        case float():
            return f"{formats.decimal(told * 100)} %"
        case tuple():
            return ", ".join(_value(name, one, currency=currency) for one in told)
        case Record():
            inner = (f"{what} {value}" for what, value in parameters(told, currency=currency))
            return f"({'; '.join(inner)})"
        case _:
            return str(told)
