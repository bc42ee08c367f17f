"""The master data an item is judged against: who, for whom, under which terms, on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Clients, contracts, people and projects by id, and every assignment."""

    clients: Mapping[str, Client]
    contracts: Mapping[str, Contract]
    people: Mapping[str, Person]
    projects: Mapping[str, Project]
    assignments: tuple[Assignment, ...]
