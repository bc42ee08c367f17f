"""The master data an item is judged against: who, for whom, under which terms, on what, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.regions import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Named records by id, and the records that only say when something held."""

    clients: Mapping[str, Client]
    contracts: Mapping[str, Contract]
    people: Mapping[str, Person]
    projects: Mapping[str, Project]
    assignments: tuple[Assignment, ...]
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    regions: Mapping[str, Region] = field(default_factory=dict)
    leave: tuple[Leave, ...] = ()
    overtime_approvals: tuple[OvertimeApproval, ...] = ()
    trips: Mapping[str, Trip] = field(default_factory=dict)
    preapprovals: Mapping[str, Preapproval] = field(default_factory=dict)
