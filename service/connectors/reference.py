"""What items refer to, as a connector found it: who, for whom, under which terms, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.reference import Reference as KnownReference
from data.schemas.regions import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Records to store before the items that name them."""

    clients: tuple[Client, ...] = ()
    contracts: tuple[Contract, ...] = ()
    people: tuple[Person, ...] = ()
    projects: tuple[Project, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    calendars: tuple[WorkingCalendar, ...] = ()
    regions: tuple[Region, ...] = ()
    leave: tuple[Leave, ...] = ()
    overtime_approvals: tuple[OvertimeApproval, ...] = ()
    trips: tuple[Trip, ...] = ()
    preapprovals: tuple[Preapproval, ...] = ()

    @classmethod
    def of(cls, known: KnownReference) -> Reference:
        """Give the records of a whole reference."""
        return cls(**{name.name: _records(getattr(known, name.name)) for name in fields(cls)})

    def collections(self) -> Iterator[tuple[str, Sequence[Any]]]:
        """Give each collection that holds anything, by its name, in the order to store them."""
        for one in fields(self):
            records = getattr(self, one.name)
            if records:
                yield one.name, records


def _records(held: Any) -> tuple[Any, ...]:  # noqa: ANN401 - records by id, or alone
    return tuple(held.values() if hasattr(held, "values") else held)
