"""Reads a terms file as far as it goes and explains every mistake, not only the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.schemas.contracts import Contract
from service.connectors.likely_spelling import closest
from service.connectors.terms_file import TermsFile, contradictions_of
from service.connectors.terms_rules import remarks_on
from service.connectors.yaml_file import FileMistakesError, Mistake, Place, YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsCheck:
    """What a terms file says; `terms` is None while it has mistakes."""

    path: Path
    terms: TermsFile | None
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


def check_terms(path: Path) -> TermsCheck:
    """Read a terms file and give every mistake in it, in the order of its lines."""
    try:
        file = YamlFile(path)
    except FileMistakesError as error:
        return TermsCheck(path=path, terms=None, mistakes=error.places, warnings=())
    read = file.read(TermsFile)
    shape = read if isinstance(read, tuple) else ()
    names = tuple(_names(file))
    mistakes = [*_without_shadows(shape, names=names), *names]
    warnings: list[Mistake] = []
    for place, contract in _readable(file):
        for one in remarks_on(contract):
            mistake = file.mistake((*place, *one.place), value=one.value, reason=one.reason)
            (warnings if one.is_warning else mistakes).append(mistake)
    if isinstance(read, TermsFile):
        told = {one.place for one in mistakes}
        mistakes += [
            file.mistake(place, value=value, reason=reason)
            for place, value, reason in contradictions_of(read)
            if place not in told
        ]
    return TermsCheck(
        path=path,
        terms=read if isinstance(read, TermsFile) and not mistakes else None,
        mistakes=_in_order(mistakes),
        warnings=_in_order(warnings),
    )


def _in_order(found: list[Mistake]) -> tuple[Mistake, ...]:
    unique = {(one.place, one.reason): one for one in found}
    return tuple(sorted(unique.values(), key=lambda one: (one.line, one.column, one.reason)))


def _readable(file: YamlFile) -> Iterator[tuple[Place, Contract]]:
    """The contracts that can be read on their own, whatever is wrong with others."""
    for number in range(len(_list(file.at(("terms",))))):
        contract = file.read(Contract, place=("terms", number))
        if isinstance(contract, Contract):
            yield ("terms", number), contract


def _without_shadows(
    shape: tuple[Mistake, ...], *, names: tuple[Mistake, ...]
) -> Iterator[Mistake]:
    """Leave out that a contract contradicts itself where the very field is told."""
    told = {one.place[:2] for one in names}
    for one in shape:
        is_whole_contract = len(one.place) == 2 and one.place[0] == "terms"  # noqa: PLR2004
        if not (is_whole_contract and one.place in told and "missing" not in one.value):
            yield one


def _names(file: YamlFile) -> Iterator[Mistake]:
    """Ids given twice, and names that nothing has, told even where other fields are wrong."""
    clients = _list(file.at(("clients",)))
    yield from _repeats(file, ("clients",), clients)
    contracts = _list(file.at(("terms",)))
    yield from _repeats(file, ("terms",), contracts)
    known = {one["id"] for one in clients if isinstance(one, dict) and "id" in one}
    for number, contract in enumerate(contracts):
        if not isinstance(contract, dict):
            continue
        place: Place = ("terms", number)
        client = contract.get("client_id")
        if isinstance(client, str) and known and client not in known:
            yield file.mistake(
                (*place, "client_id"), value=client, reason=_unknown(client, known, "client")
            )
        yield from _names_in(file, contract, place=place)


def _names_in(file: YamlFile, contract: dict[str, Any], *, place: Place) -> Iterator[Mistake]:
    lines = _list(contract.get("lines"))
    yield from _repeats(file, (*place, "lines"), lines)
    yield from _repeats(file, (*place, "clauses"), _list(contract.get("clauses")))
    yield from _repeats(file, (*place, "change_orders"), _list(contract.get("change_orders")))
    known = {str(one["id"]) for one in lines if isinstance(one, dict) and "id" in one}
    for field in ("clauses", "rate_card", "change_orders", "notices"):
        for number, one in enumerate(_list(contract.get(field))):
            line = one.get("line_id") if isinstance(one, dict) else None
            if line is not None and known and line not in known:
                yield file.mistake(
                    (*place, field, number, "line_id"),
                    value=str(line),
                    reason=_unknown(str(line), known, "line"),
                )


def _repeats(file: YamlFile, place: Place, records: list[Any]) -> Iterator[Mistake]:
    seen: dict[str, int] = {}
    for number, one in enumerate(records):
        name = one.get("id") if isinstance(one, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            first = ".".join(str(step) for step in (*place, seen[name]))
            reason = f"is the id of {first} too; ids are unique: rename one, or remove it"
            yield file.mistake((*place, number, "id"), value=name, reason=reason)
        seen.setdefault(name, number)


def _unknown(name: str, known: set[str], what: str) -> str:
    meant = closest(name, known)
    guess = "" if meant is None else f"did you mean {meant!r}? or "
    where = "this file" if what == "client" else "this contract"
    return f"is no {what} of {where}; {guess}name one of {', '.join(sorted(known))}, or add it"


def _list(content: object) -> list[Any]:
    return content if isinstance(content, list) else []
