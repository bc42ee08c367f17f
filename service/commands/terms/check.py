"""Tell what is wrong with a terms file, and take one without mistakes into use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.commands.ingest import ingesting, take_reference
from service.connectors.reference import Reference
from service.connectors.terms_check import TermsCheck, check_terms
from service.connectors.yaml_file import FileMistakesError, Mistake
from service.settings import Settings


def check_in_words(found: TermsCheck) -> list[str]:
    """Give a line for each mistake and warning, as compilers do: `file:line:column: ...`."""
    return [
        *(_line(found.path, one, kind="mistake") for one in found.mistakes),
        *(_line(found.path, one, kind="warning") for one in found.warnings),
    ]


def check_report(found: TermsCheck) -> dict[str, object]:
    """Give the check as one JSON object."""
    return {
        "file": str(found.path),
        "is_usable": found.terms is not None,
        "mistakes": [_record(one) for one in found.mistakes],
        "warnings": [_record(one) for one in found.warnings],
        "clients": 0 if found.terms is None else len(found.terms.clients),
        "contracts": 0 if found.terms is None else len(found.terms.terms),
        "clauses": 0
        if found.terms is None
        else sum(len(contract.clauses) for contract in found.terms.terms),
    }


def put_terms(settings: Settings, file: Path, *, say: Callable[[str], None]) -> dict[str, object]:
    """Take clients and contracts of a file into use. Raises FileMistakesError."""
    found = check_terms(file)
    if found.terms is None:
        raise FileMistakesError(file, tuple(one.problem for one in found.mistakes))
    for line in check_in_words(found):
        say(line)
    reference = Reference(clients=found.terms.clients, contracts=found.terms.terms)
    with ingesting(settings) as runtime:
        changed = take_reference(runtime, reference, actor_id=f"terms:{file.name}"[:200])
    return {
        "clients": len(reference.clients),
        "contracts": len(reference.contracts),
        "changed": changed,
        "warnings": len(found.warnings),
    }


def _line(path: Path, one: Mistake, *, kind: str) -> str:
    return f"{path}:{one.line}:{one.column}: {kind}: {one.field}: {one.value}: {one.reason}"


def _record(one: Mistake) -> dict[str, object]:
    return {
        "line": one.line,
        "column": one.column,
        "field": one.field,
        "value": one.value,
        "reason": one.reason,
    }
