"""The contract terms, and how a source system's names map onto them, from a file people keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from data.schemas.contracts import Client, Contract, ContractLine
from data.schemas.values import (
    Country,
    Currency,
    Identifier,
    LocalDate,
    MinorUnits,
    Name,
    Record,
    Zone,
)
from service.connectors.tryton_books import BookSettings
from service.connectors.yaml_file import Place, YamlFile


class TrytonPerson(Record):
    """What Tryton does not know of an employee; left out, the section's defaults hold."""

    labor_category: Identifier | None = None
    hourly_rate_minor: MinorUnits | None = None
    hourly_cost_minor: MinorUnits = 0
    grade: Name = "consultant"
    authority_limit_minor: MinorUnits = 0


class TrytonMilestone(Record):
    """What Tryton does not know of a milestone."""

    due_on: LocalDate
    evidence_required: tuple[Name, ...] = ()
    evidence_provided: tuple[Name, ...] = ()


class TrytonProject(Record):
    """The contract line a Tryton project is billed on, and who manages it."""

    contract_id: Identifier
    line_id: Identifier
    manager: Name
    staff: tuple[Name, ...] = ()
    """Employees of the staffing plan, for the whole period of performance."""
    milestones: dict[Name, TrytonMilestone] = Field(default_factory=dict)


class TrytonTerms(Record):
    """How Tryton's names map onto the contracts of this file."""

    zone: Zone
    currency: Currency
    country: Country
    """Where the employees work, as Tryton keeps no country for them."""
    default_labor_category: Identifier
    default_hourly_rate_minor: MinorUnits
    clients: dict[Identifier, Name]
    """Our client id to the name of the party in Tryton."""
    projects: dict[Name, TrytonProject]
    ignored_projects: tuple[Name, ...] = ()
    """Projects that are not billed: their rows are counted and left out."""
    people: dict[Name, TrytonPerson] = Field(default_factory=dict)
    books: BookSettings = BookSettings()

    def person(self, name: str) -> TrytonPerson:
        """What this file says of an employee, or the defaults."""
        return self.people.get(name, TrytonPerson())


class TermsFile(Record):
    """Clients, contracts and mappings, as one file holds them."""

    clients: Annotated[tuple[Client, ...], Field(min_length=1)]
    terms: Annotated[tuple[Contract, ...], Field(min_length=1)]
    tryton: TrytonTerms | None = None

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
    if terms.tryton is None:
        return
    for name, project in terms.tryton.projects.items():
        place: Place = ("tryton", "projects", name)
        if terms.line(contract_id=project.contract_id, line_id=project.line_id) is None:
            reason = f"is no line of contract {project.contract_id!r}; name one under terms"
            yield (*place, "line_id"), project.line_id, reason
        elif terms.tryton.currency != terms.contract(project.contract_id).currency:
            reason = f"differs from contract {project.contract_id!r}; write the same currency"
            yield ("tryton", "currency"), terms.tryton.currency, reason
