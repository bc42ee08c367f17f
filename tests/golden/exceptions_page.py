"""Writes docs/exceptions.md from the code: `python -m tests.golden.exceptions_page`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from data.schemas.catalogue import CATALOGUE, ExceptionCode, ExceptionType
from data.schemas.clauses import ClauseTerms
from data.schemas.values import Record
from data.schemas.vocabulary import ClauseKind, Proof
from models.likely.check import LIKELY
from models.rules.check import RULES
from models.rules.hits import Rule
from tests.golden.markdown import attribute_docs, in_one_line, table

Registered = tuple[tuple[ExceptionCode, Rule], ...]

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "exceptions.md"

LEAKS = frozenset(
    {
        ExceptionCode.LATE_TIME_SUBMISSION,
        ExceptionCode.MISSING_TIMESHEET,
        ExceptionCode.OUT_OF_SCOPE_WORK,
        ExceptionCode.LIKELY_WRITE_OFF,
        ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
        ExceptionCode.INVOICE_DELAY_RISK,
    }
)
"""Money due and not billed; a test holds every conformance row to it."""
EITHER = frozenset(
    {
        ExceptionCode.RATE_MISMATCH,
        ExceptionCode.RATE_ESCALATION_MISSED,
        ExceptionCode.BILLING_INCREMENT_VIOLATION,
        ExceptionCode.MILESTONE_SCHEDULE_MISMATCH,
    }
)
"""Risk where too much is asked for, leak where too little."""
PROVED_BY = {
    frozenset({Proof.RULE}): "proved by a rule",
    frozenset({Proof.MODEL}): "scored by a model",
    frozenset(Proof): "proved by a rule, or else scored by a model",
}
OF_AN_ITEM = frozenset({ExceptionCode.LIKELY_VIOLATION, ExceptionCode.INVOICE_DELAY_RISK})
"""The two scores that trained models give a whole item."""
UNITS = {
    "_minor": "minor units",
    "_minutes": "minutes",
    "_days": "days",
    "_years": "years",
    "_words": "words",
    "_day": "day of the month",
}
"""Units as names end; a fraction is a share, whatever it is called."""
TERMS: dict[ClauseKind, type[Record]] = {
    one.model_fields["kind"].default: one for one in get_args(get_args(ClauseTerms)[0])
}


def exceptions_page() -> str:
    """Every code: what it says exactly, the clause behind it, its weight, its price, its proof."""
    parts = [
        "# Exceptions",
        "Written from the code by `python -m tests.golden.exceptions_page`; a test holds it there.",
        "A limit exactly met is fine, and the first and last day of a span are inside. Money is in "
        "minor units of the contract's currency. Exposure above zero is **risk**: billed, and may "
        "be clawed back. Below zero it is **leak**: due, and not billed. What was accepted before "
        "counts first; after it, who hands in first uses up first. Only confirmed clauses hold; a "
        "line's own clause outranks the contract's, and an executed change order's the one it "
        "restates, from its effective day on.",
        *(_section(kind) for kind in CATALOGUE.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _section(kind: ExceptionType) -> str:
    lines = [
        f"## {kind.id} {kind.title}",
        kind.predicate,
        f"`{kind.code}`: {kind.severity}, {_exposure(kind.code)}, {PROVED_BY[_proofs(kind.code)]}."
        f"{_examples(kind)}",
        *_told(kind.code, by=RULES, prefix=""),
        *_told(kind.code, by=LIKELY, prefix="Likely ([how likely](likely.md)): "),
    ]
    if kind.clause is not None:
        lines.append(_clause(kind.clause))
    return "\n\n".join(lines)


def _exposure(code: ExceptionCode) -> str:
    if code in EITHER:
        return "risk or leak"
    return "leak" if code in LEAKS else "risk"


def _examples(kind: ExceptionType) -> str:
    """The forty have their cases; the scores of a whole item are measured, not decided."""
    if kind.code in OF_AN_ITEM:
        return ""
    number = int(kind.id[1:])
    name = f"test_{kind.id[0].lower()}{number:02d}_{kind.code}.py"
    return f" Cases: [{name}](../tests/conformance/{name})."


def _proofs(code: ExceptionCode) -> frozenset[Proof]:
    """Who finds it today: the catalogue says who can."""
    is_proved = any(own is code for own, _ in RULES)
    is_scored = code in OF_AN_ITEM or any(own is code for own, _ in LIKELY)
    found = {Proof.RULE: is_proved, Proof.MODEL: is_scored}
    return frozenset(proof for proof, is_found in found.items() if is_found)


def _told(code: ExceptionCode, *, by: Registered, prefix: str) -> Iterator[str]:
    for own, rule in by:
        if own is code:
            told = in_one_line(inspect.getdoc(rule)).split(": ", 1)[-1]
            path = f"{rule.__module__.replace('.', '/')}.py"
            yield f"{prefix}[`{rule.__name__}`](../{path}): {told[0].upper()}{told[1:]}"


def _clause(kind: ClauseKind) -> str:
    terms = TERMS[kind]
    said = f"Clause `{kind}`: {in_one_line(inspect.getdoc(terms))}"
    rows = list(_parameters(terms, prefix=""))
    head: tuple[str, ...] = ("parameter", "unit", "default", "meaning")
    if not any(row[-1] for row in rows):
        # The clause's own sentence says it all.
        head, rows = head[:-1], [row[:-1] for row in rows]
    return f"{said}\n\n{table(head, rows)}" if rows else said


def _parameters(terms: type[Record], *, prefix: str) -> Iterator[tuple[str, ...]]:
    meaning = attribute_docs(terms)
    for name, field in terms.model_fields.items():
        if name == "kind":
            continue
        inner = _record_in(field.annotation)
        unit = "list" if inner else _unit(name, field.annotation)
        yield f"`{prefix}{name}`", unit, _default(field), meaning.get(name, "")
        if inner:
            yield from _parameters(inner, prefix=f"{prefix}{name}.")


def _record_in(annotation: Any) -> type[Record] | None:
    inner = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    return inner if isinstance(inner, type) and issubclass(inner, Record) else None


def _unit(name: str, annotation: Any) -> str:
    own = _without_none(annotation)
    if get_origin(own) is tuple:
        return "list of names"
    if own in {float, bool, date, str}:
        return {float: "share", bool: "yes or no", date: "day", str: "name"}[own]
    if isinstance(own, type) and issubclass(own, Enum):
        return ", ".join(f"`{one.value}`" for one in own)
    return next((unit for suffix, unit in UNITS.items() if f"_{name}".endswith(suffix)), "number")


def _without_none(annotation: Any) -> Any:
    """What stands in the field where something stands; bounds and checks are left out."""
    while get_origin(annotation) in {Union, UnionType} or hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{one}`" for one in field.default) or "none"
    if field.default is None:
        return "none"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return f"`{field.default}`"


if __name__ == "__main__":
    PAGE.write_text(exceptions_page(), encoding="utf-8")
