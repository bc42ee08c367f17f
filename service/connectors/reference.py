"""What items refer to, as a connector found it: clients, contracts, people, projects, staff."""

from __future__ import annotations

from dataclasses import dataclass

from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Records to store before the items that name them."""

    clients: tuple[Client, ...] = ()
    contracts: tuple[Contract, ...] = ()
    people: tuple[Person, ...] = ()
    projects: tuple[Project, ...] = ()
    assignments: tuple[Assignment, ...] = ()
