"""Contracts, clients and people under which the default timesheet and milestone break nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.clauses import (
    Acceptance,
    ApprovalTerms,
    Deliverables,
    DoubleBilling,
    LaborCategoryHours,
    NotToExceed,
    PeriodOfPerformance,
    RateSchedule,
    StaffingPlan,
    TimelyBilling,
    WorkingTime,
)
from data.schemas.contracts import ChangeOrder, Clause, Client, Contract, ContractLine, RateCardRow
from data.schemas.people import Assignment, Person, Project, Task
from data.schemas.reference import Reference
from data.schemas.regions import Region
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind, ContractType

START, END = date(2026, 1, 1), date(2026, 12, 31)
SIGNED = date(2025, 12, 15)
HOURLY_RATE_MINOR = 12_000
CEILING_MINOR = 100_000_00
CAP_MINUTES = 1_000 * 60
MAX_DAILY_MINUTES = 600
LATE_DAYS = 14

CLAUSE_TERMS: dict[ClauseKind, Any] = {
    ClauseKind.PERIOD_OF_PERFORMANCE: PeriodOfPerformance(start=START, end=END),
    ClauseKind.NOT_TO_EXCEED: NotToExceed(limit_minor=CEILING_MINOR),
    ClauseKind.LABOR_CATEGORY_HOURS: LaborCategoryHours(
        labor_category="engineer", cap_minutes=CAP_MINUTES
    ),
    ClauseKind.RATE_SCHEDULE: RateSchedule(),
    ClauseKind.STAFFING_PLAN: StaffingPlan(),
    ClauseKind.WORKING_TIME: WorkingTime(max_daily_minutes=MAX_DAILY_MINUTES),
    ClauseKind.DOUBLE_BILLING: DoubleBilling(),
    ClauseKind.TIMELY_BILLING: TimelyBilling(late_days=LATE_DAYS),
    ClauseKind.APPROVAL: ApprovalTerms(),
    ClauseKind.ACCEPTANCE: Acceptance(),
    ClauseKind.DELIVERABLES: Deliverables(),
}


def clause(terms: Any, **overrides: Any) -> Clause:
    """A confirmed clause of the whole contract, in force since it was signed."""
    given = {
        "id": f"CL-{terms.kind}",
        "terms": terms,
        "text": f"The parties agree on {terms.kind.value.replace('_', ' ')}.",
        "valid_from": SIGNED,
        "confirmed_by": "mia",
    }
    return Clause(**(given | overrides))


def clauses(*changed: Any, without: Iterable[ClauseKind] = ()) -> tuple[Clause, ...]:
    """All clauses of the default contract; terms in `changed` take the place of their kind."""
    terms = CLAUSE_TERMS | {one.kind: one for one in changed}
    return tuple(clause(one) for kind, one in terms.items() if kind not in set(without))


def rate(**overrides: Any) -> RateCardRow:
    """The engineer's rate on the default line."""
    given = {
        "line_id": "L-1",
        "labor_category": "engineer",
        "hourly_rate_minor": HOURLY_RATE_MINOR,
        "valid_from": SIGNED,
    }
    return RateCardRow(**(given | overrides))


def change_order(**overrides: Any) -> ChangeOrder:
    """An executed change order of the whole contract that changes nothing by itself."""
    given = {
        "id": "CO-1",
        "number": "1",
        "status": ChangeOrderStatus.EXECUTED,
        "effective_on": date(2026, 3, 4),
    }
    return ChangeOrder(**(given | overrides))


def contract(**overrides: Any) -> Contract:
    """A time-and-materials contract with one line and every kind of clause."""
    given = {
        "id": "C-1",
        "client_id": "acme",
        "name": "Acme platform",
        "type": ContractType.TIME_AND_MATERIALS_CEILING,
        "currency": "EUR",
        "signed_on": SIGNED,
        "recorded_at": datetime(2025, 12, 16, 9, tzinfo=UTC),
        "lines": (
            ContractLine(id="L-1", project_id="P-1", name="Build", value_minor=CEILING_MINOR),
        ),
        "clauses": clauses(),
        "rate_card": (rate(),),
    }
    return Contract(**(given | overrides))


def client(**overrides: Any) -> Client:
    """A client in Austria who pays in thirty days."""
    given = {"id": "acme", "name": "Acme", "country": "AT", "currency": "EUR"}
    return Client(**(given | overrides))


def person(**overrides: Any) -> Person:
    """Ada, an engineer managed by Mia."""
    given = {
        "id": "ada",
        "name": "Ada",
        "grade": "senior",
        "labor_category": "engineer",
        "country": "AT",
        "hourly_cost_minor": 6_000,
        "hired_on": date(2020, 1, 1),
        "manager_id": "mia",
    }
    return Person(**(given | overrides))


def manager(**overrides: Any) -> Person:
    """Mia, who may sign fifty thousand euros in one item."""
    given = {"id": "mia", "name": "Mia", "grade": "principal", "authority_limit_minor": 50_000_00}
    return person(**(given | {"manager_id": None} | overrides))


def project(**overrides: Any) -> Project:
    """The default project with two tasks."""
    given = {
        "id": "P-1",
        "name": "Platform",
        "client_id": "acme",
        "contract_id": "C-1",
        "manager_id": "mia",
        "tasks": (Task(id="T-1", name="Build"), Task(id="T-2", name="Test")),
    }
    return Project(**(given | overrides))


def assignment(**overrides: Any) -> Assignment:
    """Ada on the whole project for the whole period."""
    given = {"id": "A-1", "person_id": "ada", "project_id": "P-1", "start": START, "end": END}
    return Assignment(**(given | overrides))


def reference(
    *contracts: Contract,
    people: Iterable[Person] | None = None,
    projects: Iterable[Project] | None = None,
    clients: Iterable[Client] | None = None,
    assignments: Iterable[Assignment] | None = None,
    calendars: Iterable[WorkingCalendar] = (),
    regions: Iterable[Region] = (),
    leave: Iterable[Leave] = (),
    overtime_approvals: Iterable[OvertimeApproval] = (),
    trips: Iterable[Trip] = (),
    preapprovals: Iterable[Preapproval] = (),
) -> Reference:
    """Everything the default items refer to; what is given takes the place of its default."""
    return Reference(
        clients=_by_id(clients if clients is not None else (client(),)),
        contracts=_by_id(contracts or (contract(),)),
        people=_by_id(people if people is not None else (person(), manager())),
        projects=_by_id(projects if projects is not None else (project(),)),
        assignments=tuple(assignments if assignments is not None else (assignment(),)),
        calendars=_by_id(calendars),
        regions=_by_id(regions),
        leave=tuple(leave),
        overtime_approvals=tuple(overtime_approvals),
        trips=_by_id(trips),
        preapprovals=_by_id(preapprovals),
    )


def _by_id(records: Iterable[Any]) -> dict[str, Any]:
    return {record.id: record for record in records}
