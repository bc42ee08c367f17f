"""The contract terms, and how a source system's names map onto them, from a file people keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from data.schemas.contracts import Client, Contract, ContractLine
from data.schemas.values import Record
from service.connectors.work_terms import RedmineTerms, TrytonTerms
from service.connectors.yaml_file import Place, YamlFile


class TermsFile(Record):
    """Clients, contracts and mappings, as one file holds them."""

    clients: Annotated[tuple[Client, ...], Field(min_length=1)]
    terms: Annotated[tuple[Contract, ...], Field(min_length=1)]
    tryton: TrytonTerms | None = None
    redmine: RedmineTerms | None = None

    def contract(self, contract_id: str) -> Contract:
        """Give a contract of this file."""
        return next(contract for contract in self.terms if contract.id == contract_id)

    def line(self, *, contract_id: str, line_id: str) -> ContractLine | None:
        """Give a line of a contract, or None where there is none."""
        lines = (one for contract in self.terms if contract.id == contract_id
                 for one in contract.lines)  # fmt: skip
        return next((one for one in lines if one.id == line_id), None)


def read_terms(path: Path) -> TermsFile:
    """Read a terms file. Raises FileMistakesError with every mistake, its line and its remedy."""
    file = YamlFile(path)
    terms = file.parsed(TermsFile)
    mistakes = [
        file.problem(place, value=value, reason=reason)
        for place, value, reason in contradictions_of(terms)
    ]
    if mistakes:
        raise file.mistakes(mistakes)
    return terms


Contradiction = tuple[Place, str, str]
"""Where it is, what stands there, and why it cannot be."""


def contradictions_of(terms: TermsFile) -> Iterator[Contradiction]:
    """Give the names in a file that nothing in it has."""
    yield from _unknown_clients(terms)
    yield from _unknown_lines(terms)


def _unknown_clients(terms: TermsFile) -> Iterator[Contradiction]:
    known = {client.id for client in terms.clients}
    reason = f"is no client of this file; name one of {', '.join(sorted(known))}, or add it"
    for number, contract in enumerate(terms.terms):
        if contract.client_id not in known:
            yield ("terms", number, "client_id"), contract.client_id, reason
    for client_id in terms.tryton.clients if terms.tryton else ():
        if client_id not in known:
            yield ("tryton", "clients", client_id), client_id, reason


def _unknown_lines(terms: TermsFile) -> Iterator[Contradiction]:
    sections = (("tryton", terms.tryton), ("redmine", terms.redmine))
    for name, section in sections:
        if section is not None:
            yield from _unknown_lines_of(section, place=(name,), terms=terms)


def _unknown_lines_of(
    section: TrytonTerms | RedmineTerms, *, place: Place, terms: TermsFile
) -> Iterator[Contradiction]:
    contracts = {contract.id: contract for contract in terms.terms}
    for name, project in section.projects.items():
        if terms.line(contract_id=project.contract_id, line_id=project.line_id) is None:
            reason = f"is no line of contract {project.contract_id!r}; name one under terms"
            yield (*place, "projects", name, "line_id"), project.line_id, reason
        elif section.currency != contracts[project.contract_id].currency:
            reason = f"differs from contract {project.contract_id!r}; write the same currency"
            yield (*place, "currency"), section.currency, reason
