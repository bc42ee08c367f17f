"""Whom we bill, under which terms, who works and when; what was billed and paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.schemas.allocation import Allocation
from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, Contract
from data.schemas.people import Assignment, Person, Project
from data.schemas.regions import Region
from service.calls.http import ApiCalls, listed, segment
from service.calls.seen import Seen


class ReferenceCalls(ApiCalls):
    """Whom we bill, under which terms, who works and when; what was billed and paid.

    `see_...` gives one with its ETag; `put_...` with that as `if_match` changes it as it was seen.
    """

    def see_client(self, client_id: str) -> Seen[Client]:
        """Give a client."""
        return self._see(f"/v1/clients/{segment(client_id)}", answer=Client)

    def put_client(self, client: Client, *, if_match: str | None = None) -> None:
        """Create or replace a client."""
        self._put(f"/v1/clients/{segment(client.id)}", body=client, if_match=if_match)

    def see_contract(self, contract_id: str) -> Seen[Contract]:
        """Give a contract with its terms."""
        return self._see(f"/v1/contracts/{segment(contract_id)}", answer=Contract)

    def put_contract(self, contract: Contract, *, if_match: str | None = None) -> None:
        """Create or replace a contract with its terms."""
        self._put(f"/v1/contracts/{segment(contract.id)}", body=contract, if_match=if_match)

    def see_person(self, person_id: str) -> Seen[Person]:
        """Give a person."""
        return self._see(f"/v1/people/{segment(person_id)}", answer=Person)

    def put_person(self, person: Person, *, if_match: str | None = None) -> None:
        """Create or replace a person."""
        self._put(f"/v1/people/{segment(person.id)}", body=person, if_match=if_match)

    def see_project(self, project_id: str) -> Seen[Project]:
        """Give a project."""
        return self._see(f"/v1/projects/{segment(project_id)}", answer=Project)

    def put_project(self, project: Project, *, if_match: str | None = None) -> None:
        """Create or replace a project."""
        self._put(f"/v1/projects/{segment(project.id)}", body=project, if_match=if_match)

    def add_assignments(self, assignments: Sequence[Assignment]) -> None:
        """Add or replace assignments, by id."""
        self._send("POST", "/v1/assignments", body=listed(assignments))

    def allocation(
        self,
        contract_id: str,
        *,
        line_id: str | None = None,
        client_id: str | None = None,
        on: date | None = None,
    ) -> Allocation:
        """Explain who used up the ceiling of a line, a customer or a contract on a day."""
        path = f"/v1/contracts/{segment(contract_id)}/allocation"
        asked = {"line_id": line_id, "client_id": client_id, "on": on and on.isoformat()}
        return self._get(path, asked, answer=Allocation)

    def add_regions(self, regions: Sequence[Region]) -> None:
        """Add or replace regions, by id."""
        self._send("POST", "/v1/regions", body=listed(regions))

    def add_calendars(self, calendars: Sequence[WorkingCalendar]) -> None:
        """Add or replace working calendars, by id."""
        self._send("POST", "/v1/calendars", body=listed(calendars))

    def add_leave(self, leave: Sequence[Leave]) -> None:
        """Add or replace leave, by id."""
        self._send("POST", "/v1/leave", body=listed(leave))

    def add_overtime_approvals(self, approvals: Sequence[OvertimeApproval]) -> None:
        """Add or replace approvals of overtime, by id."""
        self._send("POST", "/v1/overtime-approvals", body=listed(approvals))

    def add_trips(self, trips: Sequence[Trip]) -> None:
        """Add or replace trips, by id."""
        self._send("POST", "/v1/trips", body=listed(trips))

    def add_preapprovals(self, preapprovals: Sequence[Preapproval]) -> None:
        """Add or replace pre-approvals of expenses, by id."""
        self._send("POST", "/v1/preapprovals", body=listed(preapprovals))

    def add_invoices(self, invoices: Sequence[Invoice]) -> None:
        """Add or replace invoices, by id."""
        self._send("POST", "/v1/invoices", body=listed(invoices))

    def add_payments(self, payments: Sequence[Payment]) -> None:
        """Add or replace payments, by id."""
        self._send("POST", "/v1/payments", body=listed(payments))

    def add_disputes(self, disputes: Sequence[Dispute]) -> None:
        """Add or replace clients' objections, by id."""
        self._send("POST", "/v1/disputes", body=listed(disputes))

    def add_write_offs(self, write_offs: Sequence[WriteOff]) -> None:
        """Add or replace what was given up at billing, by id."""
        self._send("POST", "/v1/write-offs", body=listed(write_offs))
