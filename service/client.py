"""The typed client of the API, for the review app and for customers' workflows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

from pydantic import BaseModel

from data.schemas.allocation import Allocation
from data.schemas.billing import Invoice, Payment
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import Client, Contract
from data.schemas.missing_time import MissingTime
from data.schemas.people import Assignment, Person, Project
from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.regions import Region
from data.schemas.vocabulary import CaseStatus, ItemKind, PostingStatus
from service.client_calls import ApiCalls, ApiProblem, ApiUnreachableError, segment
from service.wire.access import Me
from service.wire.assessments import AssessmentRequest, AssessmentResponse, PastItem
from service.wire.cases import (
    AuditPage,
    CaseDetail,
    CasePage,
    ClaimRequest,
    ClaimResponse,
    DecisionPage,
    DecisionRequest,
    DecisionResponse,
    LeaseRequest,
    LeaseResponse,
    PostingPage,
    QueueSummary,
    SignatureRequest,
)
from service.wire.imports import ImportReport
from service.wire.items import ItemVersions, Withdrawal
from service.wire.proposals import (
    ConfirmRequest,
    DismissRequest,
    ProposalAnswer,
    ProposalPage,
    ProposalRequest,
)

__all__ = ["ApiProblem", "ApiUnreachableError", "CountersignClient"]
DEFAULT_PAGE = 50


class CountersignClient(ApiCalls):
    """Everything the API offers, typed; safe to share between threads.

    Every method raises ApiProblem when the API refuses, and ApiUnreachableError without an answer.
    """

    def me(self) -> Me:
        """Say who these credentials are."""
        return self._get("/v1/me", answer=Me)

    def log_out(self) -> None:
        """End the session; its token is worth nothing afterwards."""
        self._send("DELETE", "/v1/session")

    def item_versions(self, item_id: str) -> ItemVersions:
        """Give every version of an item, oldest first."""
        return self._get(f"/v1/items/{segment(item_id)}/versions", answer=ItemVersions)

    def withdraw_item(self, item_id: str, *, reason: str) -> Withdrawal:
        """Tell that an item was deleted at its source."""
        path = f"/v1/items/{segment(item_id)}"
        return self._read(self._send("DELETE", path, params={"reason": reason}), Withdrawal)

    def missing_time(self, *, start: date, end: date) -> MissingTime:
        """Give everybody who was assigned and recorded nothing in a past period."""
        return self._get("/v1/missing-time", {"start": start, "end": end}, answer=MissingTime)

    def queue(self) -> QueueSummary:
        """Say what waits."""
        return self._get("/v1/queue", answer=QueueSummary)

    def claim(self, request: ClaimRequest) -> ClaimResponse:
        """Lease the next cases, or one by id."""
        return self._post("/v1/queue/claim", request, answer=ClaimResponse)

    def cases(
        self,
        *,
        status: CaseStatus | None = None,
        client_id: str | None = None,
        code: ExceptionCode | None = None,
        kind: ItemKind | None = None,
        q: str | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> CasePage:
        """Give one page of the cases that pass the filters."""
        filters = {"status": status, "client_id": client_id, "code": code, "kind": kind, "q": q}
        return self._get("/v1/cases", filters | _page(cursor, limit), answer=CasePage)

    def case(self, case_id: str) -> CaseDetail:
        """Give one case with everything on it."""
        return self._get(f"/v1/cases/{segment(case_id)}", answer=CaseDetail)

    def decide(
        self, case_id: str, *, request: DecisionRequest, idempotency_key: str
    ) -> DecisionResponse:
        """Record a verdict; a repeat with the same key gives the first answer."""
        path = f"/v1/cases/{segment(case_id)}/decision"
        return self._post(path, request, answer=DecisionResponse, key=idempotency_key)

    def extend_lease(self, case_id: str, *, lease_token: int) -> LeaseResponse:
        """Hold a case for longer."""
        request = LeaseRequest(lease_token=lease_token)
        path = f"/v1/cases/{segment(case_id)}/lease/extend"
        return self._post(path, request, answer=LeaseResponse)

    def release_lease(self, case_id: str, *, lease_token: int) -> LeaseResponse:
        """Give a case back to the queue."""
        request = LeaseRequest(lease_token=lease_token)
        path = f"/v1/cases/{segment(case_id)}/lease/release"
        return self._post(path, request, answer=LeaseResponse)

    def decisions(
        self, *, mine: bool = True, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> DecisionPage:
        """Give one page of decisions, newest first."""
        filters = {"mine": "true" if mine else "false"}
        return self._get("/v1/decisions", filters | _page(cursor, limit), answer=DecisionPage)

    def undo(self, decision_id: str) -> DecisionResponse:
        """Take a decision back while nothing has left."""
        path = f"/v1/decisions/{segment(decision_id)}/undo"
        return self._post(path, None, answer=DecisionResponse)

    def postings(
        self,
        *,
        status: PostingStatus | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> PostingPage:
        """Give one page of postings, newest first."""
        filters = {"status": status}
        return self._get("/v1/postings", filters | _page(cursor, limit), answer=PostingPage)

    def audit_events(self, *, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> AuditPage:
        """Give one page of the audit trail, oldest first."""
        return self._get("/v1/audit/events", _page(cursor, limit), answer=AuditPage)

    def assess(
        self, items: Sequence[Mapping[str, Any]], *, idempotency_key: str
    ) -> AssessmentResponse:
        """Submit raw items; every row comes back assessed, unchanged or rejected."""
        request = AssessmentRequest(items=[dict(item) for item in items])
        return self._post(
            "/v1/assessments", request, answer=AssessmentResponse, key=idempotency_key
        )

    def put_client(self, client: Client) -> None:
        """Create or replace a client."""
        self._put("/v1/clients", client.id, body=client)

    def put_contract(self, contract: Contract) -> None:
        """Create or replace a contract with its terms."""
        self._put("/v1/contracts", contract.id, body=contract)

    def propose_clauses(
        self, contract_id: str, *, text: str, line_id: str | None = None
    ) -> ProposalAnswer:
        """Have a contract's text read; nothing it proposes is in force until it is confirmed."""
        path = f"/v1/contracts/{segment(contract_id)}/proposals"
        request = ProposalRequest(text=text, line_id=line_id)
        return self._post(path, request, answer=ProposalAnswer)

    def proposals(
        self,
        contract_id: str,
        *,
        status: ProposalStatus | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> ProposalPage:
        """Give one page of what was proposed for a contract, oldest first."""
        path = f"/v1/contracts/{segment(contract_id)}/proposals"
        return self._get(path, {"status": status} | _page(cursor, limit), answer=ProposalPage)

    def confirm_clause(self, proposal_id: str, request: ConfirmRequest) -> Proposal:
        """Put a proposed clause in force, with what the request corrects."""
        path = f"/v1/proposals/{segment(proposal_id)}/confirm"
        return self._post(path, request, answer=Proposal)

    def dismiss_clause(self, proposal_id: str, *, reason: str) -> Proposal:
        """Turn a proposed clause down."""
        path = f"/v1/proposals/{segment(proposal_id)}/dismiss"
        return self._post(path, DismissRequest(reason=reason), answer=Proposal)

    def put_person(self, person: Person) -> None:
        """Create or replace a person."""
        self._put("/v1/people", person.id, body=person)

    def put_project(self, project: Project) -> None:
        """Create or replace a project."""
        self._put("/v1/projects", project.id, body=project)

    def add_assignments(self, assignments: Sequence[Assignment]) -> None:
        """Add or replace assignments, by id."""
        self._send("POST", "/v1/assignments", body=_list(assignments))

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
        self._send("POST", "/v1/regions", body=_list(regions))

    def add_calendars(self, calendars: Sequence[WorkingCalendar]) -> None:
        """Add or replace working calendars, by id."""
        self._send("POST", "/v1/calendars", body=_list(calendars))

    def add_leave(self, leave: Sequence[Leave]) -> None:
        """Add or replace leave, by id."""
        self._send("POST", "/v1/leave", body=_list(leave))

    def add_overtime_approvals(self, approvals: Sequence[OvertimeApproval]) -> None:
        """Add or replace approvals of overtime, by id."""
        self._send("POST", "/v1/overtime-approvals", body=_list(approvals))

    def add_trips(self, trips: Sequence[Trip]) -> None:
        """Add or replace trips, by id."""
        self._send("POST", "/v1/trips", body=_list(trips))

    def add_preapprovals(self, preapprovals: Sequence[Preapproval]) -> None:
        """Add or replace pre-approvals of expenses, by id."""
        self._send("POST", "/v1/preapprovals", body=_list(preapprovals))

    def add_invoices(self, invoices: Sequence[Invoice]) -> None:
        """Add or replace invoices, by id."""
        self._send("POST", "/v1/invoices", body=_list(invoices))

    def add_payments(self, payments: Sequence[Payment]) -> None:
        """Add or replace payments, by id."""
        self._send("POST", "/v1/payments", body=_list(payments))

    def add_history(self, past: Sequence[PastItem]) -> None:
        """Add items billed before Countersign came; they teach habits and are never assessed."""
        self._send("POST", "/v1/history", body=_list(past))

    def start_import(self, file: BinaryIO, *, name: str, mapping: str) -> ImportReport:
        """Upload a file with its mapping in YAML; the import goes on after the answer."""
        parts = {
            "file": (name, file, "application/octet-stream"),
            "mapping": ("mapping.yaml", mapping.encode(), "application/yaml"),
        }
        return self._read(self._send("POST", "/v1/imports", files=parts), ImportReport)

    def import_report(self, import_id: str) -> ImportReport:
        """Tell how far an import has come."""
        return self._get(f"/v1/imports/{segment(import_id)}", answer=ImportReport)

    def import_rejections(self, import_id: str) -> bytes:
        """Give the rows an import did not take, as CSV."""
        return self._send("GET", f"/v1/imports/{segment(import_id)}/rejections")

    def sign(self, case_id: str, *, is_approved: bool) -> DecisionResponse:
        """Sign a colleague's decision on large money, or send the case back."""
        request = SignatureRequest(is_approved=is_approved)
        path = f"/v1/cases/{segment(case_id)}/signature"
        return self._post(path, request, answer=DecisionResponse)


def _page(cursor: str | None, limit: int) -> dict[str, Any]:
    return {"cursor": cursor, "limit": limit}


def _list(records: Sequence[BaseModel]) -> bytes:
    return b"[" + b",".join(record.model_dump_json().encode() for record in records) + b"]"
