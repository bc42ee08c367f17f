"""The typed client of the API for asynchronous programs.

Written from service/calls by `python -m tests.golden.async_page`; a test holds it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from data.schemas.allocation import Allocation
from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import Client, Contract
from data.schemas.missing_time import MissingTime
from data.schemas.people import Assignment, Person, Project
from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.regions import Region
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import (
    CaseStatus,
    DeliveryStatus,
    FlowState,
    ItemKind,
    PostingStatus,
    TransferStatus,
    Verdict,
)
from service.calls.async_http import AsyncApiCalls
from service.calls.http import DEFAULT_PAGE, listed, page_filters, segment
from service.calls.seen import Seen
from service.wire.access import Me
from service.wire.accounts import (
    AccountChange,
    AccountPage,
    AccountView,
    Invitation,
    InvitationRequest,
    KeyPage,
    KeyRequest,
    NewKey,
    OneTimePassword,
    PasswordChange,
    SessionAnswer,
    SessionPage,
    SessionRequest,
    SidesView,
)
from service.wire.approvals import ApprovalRequestPage, ApprovalRequestView, WordRequest
from service.wire.assessments import AssessmentRequest, AssessmentResponse, PastItem
from service.wire.audit import AuditPage, AuditQuery, AuditVerification
from service.wire.cases import (
    MAX_PAGE,
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
    PostingView,
    QueueSummary,
)
from service.wire.contracts import ContractPage, DocumentView, TermsView
from service.wire.deciding import (
    AdjudicationRequest,
    ApprovalPage,
    BulkAnswer,
    BulkPage,
    BulkPreview,
    BulkRequest,
    CorrectionRequest,
    MoneyPreview,
    PreviewRequest,
    SecondVerdictRequest,
    SettleRequest,
    TransferPage,
)
from service.wire.flows import FlowDetail, FlowPage, PostingSwitch, SteerRequest
from service.wire.imports import ImportPage, ImportReport, MappingCheck, MappingRequest
from service.wire.integrations import IntegrationsView
from service.wire.items import ItemVersions, Withdrawal
from service.wire.known_cases import (
    KnownCasePage,
    KnownCaseRequest,
    KnownCaseView,
    OwnCallRequest,
    RelativePage,
    SimilarPage,
    SnoozeRequest,
)
from service.wire.models import JobPage, JobView, ModelsView, RollbackRequest
from service.wire.my_work import Absence, AbsenceRequest, MyWork
from service.wire.operations import OperationsView
from service.wire.policies import (
    DraftPage,
    DraftRequest,
    DraftView,
    EffectRequest,
    PolicyEffect,
    PolicyVersionPage,
    PolicyView,
)
from service.wire.postings import (
    AssignRequest,
    BillView,
    DiscardRequest,
    EditRequest,
    MarkPostedRequest,
    ReasonsView,
    RetriedView,
    RetryAlikeRequest,
    RetryRequest,
)
from service.wire.preferences import Preferences
from service.wire.proposals import (
    ConfirmRequest,
    DismissRequest,
    ProposalAnswer,
    ProposalPage,
    ProposalRequest,
)
from service.wire.quality import QualityView
from service.wire.subscribers import (
    EventTypePage,
    ReplayRequest,
    SubscribeRequest,
    SubscriberPage,
    SubscriberSecretView,
    SubscriberView,
    TrialView,
)
from service.wire.syncs import SyncDetail, SyncsView
from service.wire.talk import (
    AttachmentPage,
    AttachmentView,
    ColleaguePage,
    CommentPage,
    CommentRequest,
    CommentResponse,
    DeliveryPage,
    NotificationPage,
    ReadRequest,
    ReadResponse,
    SavedViewView,
    ViewPage,
    ViewRequest,
)


class AsyncSessionCalls(AsyncApiCalls):
    """Who calls, and what they may settle about themselves."""

    async def open_session(self, *, identity_token: str, device: str = "") -> SessionAnswer:
        """Exchange an identity token of the company's own log-in for a session, once."""
        request = SessionRequest(identity_token=identity_token, device=device)
        return await self._post("/v1/sessions", request, answer=SessionAnswer)

    async def me(self) -> Me:
        """Say who these credentials are."""
        return await self._get("/v1/me", answer=Me)

    async def see_me(self) -> Seen[Me]:
        """Say who these credentials are, with the ETag of the preferences."""
        return await self._see("/v1/me", answer=Me)

    async def save_preferences(
        self, preferences: Preferences, *, if_match: str | None = None
    ) -> None:
        """Keep what the person chose for their own screens."""
        await self._put("/v1/me/preferences", body=preferences, if_match=if_match)

    async def change_password(self, *, current: str, new: str) -> None:
        """Change one's own password; every other session of the person ends."""
        request = PasswordChange(current_password=current, new_password=new)
        await self._put("/v1/me/password", body=request)

    async def my_sessions(self) -> SessionPage:
        """List the devices the person is logged in on."""
        return await self._get("/v1/me/sessions", answer=SessionPage)

    async def log_out_everywhere(self) -> None:
        """End every session of the person, this one as well."""
        await self._send("DELETE", "/v1/me/sessions")

    async def log_out(self) -> None:
        """End the session; its token is worth nothing afterwards."""
        await self._send("DELETE", "/v1/session")


class AsyncAccountCalls(AsyncApiCalls):
    """People and access: accounts and keys, for administrators."""

    async def accounts(self, *, cursor: str | None = None, limit: int = MAX_PAGE) -> AccountPage:
        """List everybody who may log in, or once could, by name."""
        return await self._get("/v1/accounts", page_filters(cursor, limit), answer=AccountPage)

    async def sides(self) -> SidesView:
        """List the clients and business units that walls can be built of."""
        return await self._get("/v1/accounts/sides", answer=SidesView)

    async def account(self, person_id: str) -> AccountView:
        """Give one account."""
        return await self._get(f"/v1/accounts/{segment(person_id)}", answer=AccountView)

    async def see_account(self, person_id: str) -> Seen[AccountView]:
        """Give one account with its ETag, to be changed as it was seen."""
        return await self._see(f"/v1/accounts/{segment(person_id)}", answer=AccountView)

    async def invite(self, request: InvitationRequest) -> Invitation:
        """Give a person an account; their one-time password is shown this once."""
        return await self._post("/v1/accounts", request, answer=Invitation)

    async def change_account(
        self, person_id: str, change: AccountChange, *, if_match: str | None = None
    ) -> None:
        """Change an account; whoever is logged in with other rights is logged out at once."""
        await self._put(f"/v1/accounts/{segment(person_id)}", body=change, if_match=if_match)

    async def give_one_time_password(self, person_id: str) -> OneTimePassword:
        """Give a person a one-time password, shown this once; their sessions end."""
        path = f"/v1/accounts/{segment(person_id)}/one-time-password"
        return await self._post(path, None, answer=OneTimePassword)

    async def log_person_out(self, person_id: str) -> None:
        """Log a person out everywhere."""
        await self._send("DELETE", f"/v1/accounts/{segment(person_id)}/sessions")

    async def keys(self, *, cursor: str | None = None, limit: int = MAX_PAGE) -> KeyPage:
        """List every key there ever was, newest first."""
        return await self._get("/v1/keys", page_filters(cursor, limit), answer=KeyPage)

    async def make_key(self, request: KeyRequest) -> NewKey:
        """Give a workflow a key; the key itself is shown this once."""
        return await self._post("/v1/keys", request, answer=NewKey)

    async def revoke_key(self, key_id: str) -> None:
        """Make a key worth nothing from now on."""
        await self._send("DELETE", f"/v1/keys/{segment(key_id)}")


class AsyncCaseCalls(AsyncApiCalls):
    """The review queue: lists, claims and leases."""

    async def queue(self) -> QueueSummary:
        """Say what waits."""
        return await self._get("/v1/queue", answer=QueueSummary)

    async def claim(self, request: ClaimRequest) -> ClaimResponse:
        """Lease the next cases, or one by id."""
        return await self._post("/v1/queue/claim", request, answer=ClaimResponse)

    async def cases(
        self,
        *,
        status: CaseStatus | None = None,
        client_id: str | None = None,
        code: ExceptionCode | None = None,
        kind: ItemKind | None = None,
        q: str | None = None,
        is_late: bool | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> CasePage:
        """Give one page of the cases that pass the filters."""
        filters = {
            "status": status,
            "client_id": client_id,
            "code": code,
            "kind": kind,
            "q": q,
            "is_late": is_late,
        }
        return await self._get("/v1/cases", filters | page_filters(cursor, limit), answer=CasePage)

    async def case(self, case_id: str) -> CaseDetail:
        """Give one case with everything on it."""
        return await self._get(f"/v1/cases/{segment(case_id)}", answer=CaseDetail)

    async def extend_lease(self, case_id: str, *, lease_token: int) -> LeaseResponse:
        """Hold a case for longer."""
        request = LeaseRequest(lease_token=lease_token)
        path = f"/v1/cases/{segment(case_id)}/lease/extend"
        return await self._post(path, request, answer=LeaseResponse)

    async def release_lease(self, case_id: str, *, lease_token: int) -> LeaseResponse:
        """Give a case back to the queue."""
        request = LeaseRequest(lease_token=lease_token)
        path = f"/v1/cases/{segment(case_id)}/lease/release"
        return await self._post(path, request, answer=LeaseResponse)


class AsyncQueueCalls(AsyncApiCalls):
    """What a reviewer does beside deciding, and naming known answers."""

    async def call_first(self, case_id: str, *, lease_token: int, verdict: Verdict) -> CaseDetail:
        """Say what one would do, and be told what the models say."""
        request = OwnCallRequest(lease_token=lease_token, verdict=verdict)
        return await self._post(
            f"/v1/cases/{segment(case_id)}/own-call", request, answer=CaseDetail
        )

    async def snooze(
        self, case_id: str, *, lease_token: int, until: datetime, reason: str
    ) -> LeaseResponse:
        """Put a case off until a moment."""
        request = SnoozeRequest(lease_token=lease_token, until=until, reason=reason)
        return await self._post(
            f"/v1/cases/{segment(case_id)}/snooze", request, answer=LeaseResponse
        )

    async def relatives(self, case_id: str) -> RelativePage:
        """Give the unfinished cases that have something in common with one."""
        return await self._get(f"/v1/cases/{segment(case_id)}/relatives", answer=RelativePage)

    async def similar(self, case_id: str) -> SimilarPage:
        """Give the decided cases most like one."""
        return await self._get(f"/v1/cases/{segment(case_id)}/similar", answer=SimilarPage)

    async def known_cases(
        self, *, cursor: str | None = None, limit: int = MAX_PAGE
    ) -> KnownCasePage:
        """Give the known answers in force, newest first."""
        return await self._get("/v1/known-cases", page_filters(cursor, limit), answer=KnownCasePage)

    async def name_known_case(self, request: KnownCaseRequest) -> KnownCaseView:
        """Name the right answer on the item of a decided case."""
        return await self._post("/v1/known-cases", request, answer=KnownCaseView)

    async def end_known_case(self, known_id: str) -> None:
        """Show a known answer no more."""
        await self._send("DELETE", f"/v1/known-cases/{segment(known_id)}")


class AsyncAuditCalls(AsyncApiCalls):
    """The audit trail, evidence, and lists as files."""

    async def audit_events(self, wanted: AuditQuery | None = None) -> AuditPage:
        """Give one page of the audit trail; the oldest entries unless asked otherwise."""
        filters = (wanted or AuditQuery()).model_dump(mode="json", by_alias=True)
        return await self._get("/v1/audit/events", filters, answer=AuditPage)

    async def audit_verification(self) -> AuditVerification:
        """Check the next part of the trail against its newest signed head."""
        return await self._get("/v1/audit/verification", answer=AuditVerification)

    async def evidence(self, case_id: str) -> bytes:
        """Give the evidence of a case as a ZIP."""
        return await self._send("GET", f"/v1/cases/{segment(case_id)}/evidence.zip")

    async def exported(self, name: str, *, ending: str = "csv", **filters: Any) -> bytes:  # noqa: ANN401
        """Give a list as a file: cases, decisions, postings or audit, as csv or xlsx."""
        given = {key: one for key, one in filters.items() if one is not None}
        return await self._send("GET", f"/v1/exports/{name}.{ending}", params=given)


class AsyncDecidingCalls(AsyncApiCalls):
    """Decisions, by one person and by more, on one case and on many."""

    async def decide(
        self, case_id: str, *, request: DecisionRequest, idempotency_key: str
    ) -> DecisionResponse:
        """Record a verdict; a repeat with the same key gives the first answer."""
        path = f"/v1/cases/{segment(case_id)}/decision"
        return await self._post(path, request, answer=DecisionResponse, key=idempotency_key)

    async def preview_decision(self, request: PreviewRequest) -> MoneyPreview:
        """Say what a verdict would come to; nothing is stored."""
        return await self._post("/v1/decisions/preview", request, answer=MoneyPreview)

    async def decisions(
        self, *, mine: bool = True, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> DecisionPage:
        """Give one page of decisions, newest first."""
        filters = {"mine": "true" if mine else "false"}
        return await self._get(
            "/v1/decisions", filters | page_filters(cursor, limit), answer=DecisionPage
        )

    async def approval_requests(self) -> ApprovalRequestPage:
        """Give decisions that wait for the approval of named people, the caller's part first."""
        return await self._get("/v1/approval-requests", answer=ApprovalRequestPage)

    async def approval_request(self, approval_id: str) -> ApprovalRequestView:
        """Give one request for approval."""
        path = f"/v1/approval-requests/{segment(approval_id)}"
        return await self._get(path, answer=ApprovalRequestView)

    async def give_word(
        self, approval_id: str, *, is_approved: bool, note: str
    ) -> ApprovalRequestView:
        """Approve a decision, or send it back with a reason."""
        path = f"/v1/approval-requests/{segment(approval_id)}/word"
        request = WordRequest(is_approved=is_approved, note=note)
        return await self._post(path, request, answer=ApprovalRequestView)

    async def undo(self, decision_id: str) -> DecisionResponse:
        """Take a decision back while nothing has left."""
        path = f"/v1/decisions/{segment(decision_id)}/undo"
        return await self._post(path, None, answer=DecisionResponse)

    async def correct(self, decision_id: str, *, request: CorrectionRequest) -> DecisionResponse:
        """Put another decision in the place of one that is final."""
        path = f"/v1/decisions/{segment(decision_id)}/correct"
        return await self._post(path, request, answer=DecisionResponse)

    async def approvals(self) -> ApprovalPage:
        """Give what waits for a second or a third person."""
        return await self._get("/v1/approvals", answer=ApprovalPage)

    async def second_verdict(
        self, case_id: str, *, request: SecondVerdictRequest
    ) -> DecisionResponse:
        """Give one's own verdict on a case that a colleague decided."""
        path = f"/v1/cases/{segment(case_id)}/second-verdict"
        return await self._post(path, request, answer=DecisionResponse)

    async def adjudicate(self, case_id: str, *, request: AdjudicationRequest) -> DecisionResponse:
        """Say which of two decisions stands."""
        path = f"/v1/cases/{segment(case_id)}/adjudication"
        return await self._post(path, request, answer=DecisionResponse)

    async def preview_bulk(self, request: BulkRequest) -> BulkPreview:
        """Say which cases one verdict would decide."""
        return await self._post("/v1/bulk/preview", request, answer=BulkPreview)

    async def decide_bulk(self, request: BulkRequest, *, idempotency_key: str) -> BulkAnswer:
        """Decide several cases at once; a repeat with the same key gives the first answer."""
        return await self._post("/v1/bulk", request, answer=BulkAnswer, key=idempotency_key)

    async def revert_bulk(self, bulk_id: str) -> BulkPage:
        """Take a bulk back as a whole; gives one's newest bulks."""
        return await self._post(f"/v1/bulk/{segment(bulk_id)}/revert", None, answer=BulkPage)

    async def bulks(
        self, *, mine: bool = True, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> BulkPage:
        """Give bulks, newest first."""
        filters = {"mine": "true" if mine else "false"}
        return await self._get("/v1/bulk", filters | page_filters(cursor, limit), answer=BulkPage)

    async def transfers(
        self,
        *,
        status: TransferStatus | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> TransferPage:
        """Give one page of the minutes that decisions moved."""
        return await self._get(
            "/v1/transfers", {"status": status, **page_filters(cursor, limit)}, answer=TransferPage
        )

    async def settle_transfer(self, transfer_id: str, *, request: SettleRequest) -> TransferPage:
        """Say what became of moved minutes; gives those that are still open."""
        path = f"/v1/transfers/{segment(transfer_id)}/settle"
        return await self._post(path, request, answer=TransferPage)


class AsyncItemCalls(AsyncApiCalls):
    """Items in and out: assessments, versions, imports, history, missing time."""

    async def assess(
        self, items: Sequence[Mapping[str, Any]], *, idempotency_key: str
    ) -> AssessmentResponse:
        """Submit raw items; every row comes back assessed, unchanged or rejected."""
        request = AssessmentRequest(items=[dict(item) for item in items])
        return await self._post(
            "/v1/assessments", request, answer=AssessmentResponse, key=idempotency_key
        )

    async def item_versions(self, item_id: str) -> ItemVersions:
        """Give every version of an item, oldest first."""
        return await self._get(f"/v1/items/{segment(item_id)}/versions", answer=ItemVersions)

    async def withdraw_item(self, item_id: str, *, reason: str) -> Withdrawal:
        """Tell that an item was deleted at its source."""
        path = f"/v1/items/{segment(item_id)}"
        return self._read(await self._send("DELETE", path, params={"reason": reason}), Withdrawal)

    async def missing_time(self, *, start: date, end: date) -> MissingTime:
        """Give everybody who was assigned and recorded nothing in a past period."""
        return await self._get("/v1/missing-time", {"start": start, "end": end}, answer=MissingTime)

    async def add_history(self, past: Sequence[PastItem]) -> None:
        """Add items billed before Countersign came; they teach habits and are never assessed."""
        await self._send("POST", "/v1/history", body=listed(past))

    async def start_import(self, file: BinaryIO, *, name: str, mapping: str) -> ImportReport:
        """Upload a file with its mapping in YAML; the import goes on after the answer."""
        parts = {
            "file": (name, file, "application/octet-stream"),
            "mapping": ("mapping.yaml", mapping.encode(), "application/yaml"),
        }
        return self._read(await self._send("POST", "/v1/imports", files=parts), ImportReport)

    async def check_mapping(self, mapping: str) -> MappingCheck:
        """Have a mapping read; ApiProblem names every mistake."""
        request = MappingRequest(mapping=mapping)
        return await self._post("/v1/imports/mapping-check", request, answer=MappingCheck)

    async def imports(self, *, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> ImportPage:
        """Give the imports that began last, newest first."""
        return await self._get("/v1/imports", page_filters(cursor, limit), answer=ImportPage)

    async def import_report(self, import_id: str) -> ImportReport:
        """Tell how far an import has come."""
        return await self._get(f"/v1/imports/{segment(import_id)}", answer=ImportReport)

    async def import_rejections(self, import_id: str) -> bytes:
        """Give the rows an import did not take, as CSV."""
        return await self._send("GET", f"/v1/imports/{segment(import_id)}/rejections")


class AsyncReferenceCalls(AsyncApiCalls):
    """Whom we bill, under which terms, who works and when; what was billed and paid.

    `see_...` gives one with its ETag; `put_...` with that as `if_match` changes it as it was seen.
    """

    async def see_client(self, client_id: str) -> Seen[Client]:
        """Give a client."""
        return await self._see(f"/v1/clients/{segment(client_id)}", answer=Client)

    async def put_client(self, client: Client, *, if_match: str | None = None) -> None:
        """Create or replace a client."""
        await self._put(f"/v1/clients/{segment(client.id)}", body=client, if_match=if_match)

    async def see_contract(self, contract_id: str) -> Seen[Contract]:
        """Give a contract with its terms."""
        return await self._see(f"/v1/contracts/{segment(contract_id)}", answer=Contract)

    async def put_contract(self, contract: Contract, *, if_match: str | None = None) -> None:
        """Create or replace a contract with its terms."""
        await self._put(f"/v1/contracts/{segment(contract.id)}", body=contract, if_match=if_match)

    async def see_person(self, person_id: str) -> Seen[Person]:
        """Give a person."""
        return await self._see(f"/v1/people/{segment(person_id)}", answer=Person)

    async def put_person(self, person: Person, *, if_match: str | None = None) -> None:
        """Create or replace a person."""
        await self._put(f"/v1/people/{segment(person.id)}", body=person, if_match=if_match)

    async def see_project(self, project_id: str) -> Seen[Project]:
        """Give a project."""
        return await self._see(f"/v1/projects/{segment(project_id)}", answer=Project)

    async def put_project(self, project: Project, *, if_match: str | None = None) -> None:
        """Create or replace a project."""
        await self._put(f"/v1/projects/{segment(project.id)}", body=project, if_match=if_match)

    async def add_assignments(self, assignments: Sequence[Assignment]) -> None:
        """Add or replace assignments, by id."""
        await self._send("POST", "/v1/assignments", body=listed(assignments))

    async def allocation(
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
        return await self._get(path, asked, answer=Allocation)

    async def add_regions(self, regions: Sequence[Region]) -> None:
        """Add or replace regions, by id."""
        await self._send("POST", "/v1/regions", body=listed(regions))

    async def add_calendars(self, calendars: Sequence[WorkingCalendar]) -> None:
        """Add or replace working calendars, by id."""
        await self._send("POST", "/v1/calendars", body=listed(calendars))

    async def add_leave(self, leave: Sequence[Leave]) -> None:
        """Add or replace leave, by id."""
        await self._send("POST", "/v1/leave", body=listed(leave))

    async def add_overtime_approvals(self, approvals: Sequence[OvertimeApproval]) -> None:
        """Add or replace approvals of overtime, by id."""
        await self._send("POST", "/v1/overtime-approvals", body=listed(approvals))

    async def add_trips(self, trips: Sequence[Trip]) -> None:
        """Add or replace trips, by id."""
        await self._send("POST", "/v1/trips", body=listed(trips))

    async def add_preapprovals(self, preapprovals: Sequence[Preapproval]) -> None:
        """Add or replace pre-approvals of expenses, by id."""
        await self._send("POST", "/v1/preapprovals", body=listed(preapprovals))

    async def add_invoices(self, invoices: Sequence[Invoice]) -> None:
        """Add or replace invoices, by id."""
        await self._send("POST", "/v1/invoices", body=listed(invoices))

    async def add_payments(self, payments: Sequence[Payment]) -> None:
        """Add or replace payments, by id."""
        await self._send("POST", "/v1/payments", body=listed(payments))

    async def add_disputes(self, disputes: Sequence[Dispute]) -> None:
        """Add or replace clients' objections, by id."""
        await self._send("POST", "/v1/disputes", body=listed(disputes))

    async def add_write_offs(self, write_offs: Sequence[WriteOff]) -> None:
        """Add or replace what was given up at billing, by id."""
        await self._send("POST", "/v1/write-offs", body=listed(write_offs))


class AsyncOperationsCalls(AsyncApiCalls):
    """How the desk fares over a period, and how the parts behind it do."""

    async def operations(
        self, *, days: int = 30, client_id: str | None = None, business_unit: str | None = None
    ) -> OperationsView:
        """Add up what waits and what was done in the last days."""
        asked = {"days": days, "client_id": client_id, "business_unit": business_unit}
        return await self._get("/v1/operations", asked, answer=OperationsView)

    async def integrations(self) -> IntegrationsView:
        """Tell what works, what is in trouble, and what is not connected."""
        return await self._get("/v1/integrations", answer=IntegrationsView)


class AsyncPostingCalls(AsyncApiCalls):
    """Postings, and what people do about those that failed for good."""

    async def postings(
        self,
        *,
        status: PostingStatus | None = None,
        reason: str | None = None,
        owner_id: str | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> PostingPage:
        """Give one page of postings, newest first; `refused` is the exception queue."""
        filters = {"status": status, "reason": reason, "owner_id": owner_id}
        return await self._get(
            "/v1/postings", filters | page_filters(cursor, limit), answer=PostingPage
        )

    async def posting(self, posting_id: str) -> PostingView:
        """Give one posting."""
        return await self._get(f"/v1/postings/{segment(posting_id)}", answer=PostingView)

    async def posting_reasons(self) -> ReasonsView:
        """Give the exception queue by reason, the most frequent first."""
        return await self._get("/v1/postings/reasons", answer=ReasonsView)

    async def bill(self, posting_id: str) -> BillView:
        """Give the bill of a posting as it goes to the ledger."""
        return await self._get(f"/v1/postings/{segment(posting_id)}/bill", answer=BillView)

    async def bill_file(self, posting_id: str) -> bytes:
        """Give the same as CSV, a row for each line, to be entered in the ledger by hand."""
        return await self._send("GET", f"/v1/postings/{segment(posting_id)}/bill.csv")

    async def retry_alike(self, code: str, *, reason: str) -> RetriedView:
        """Have everything tried again that failed for one reason, at most 500 at once."""
        request = RetryAlikeRequest(code=code, reason=reason)
        return await self._post("/v1/postings/retry", request, answer=RetriedView)

    async def edit_posting(self, posting_id: str, *, request: EditRequest) -> PostingView:
        """Mend the period or the words of a refused bill, and have it tried again."""
        path = f"/v1/postings/{segment(posting_id)}/edit"
        return await self._post(path, request, answer=PostingView)

    async def mark_posted(self, posting_id: str, *, document_id: str, reason: str) -> PostingView:
        """Note the document that somebody wrote in the ledger by hand for a refused posting."""
        path = f"/v1/postings/{segment(posting_id)}/posted"
        request = MarkPostedRequest(document_id=document_id, reason=reason)
        return await self._post(path, request, answer=PostingView)

    async def retry_posting(self, posting_id: str, *, reason: str) -> PostingView:
        """Have a refused posting tried once more."""
        path = f"/v1/postings/{segment(posting_id)}/retry"
        return await self._post(path, RetryRequest(reason=reason), answer=PostingView)

    async def assign_posting(self, posting_id: str, *, person_id: str) -> PostingView:
        """Put a person's name on a refused posting."""
        path = f"/v1/postings/{segment(posting_id)}/assign"
        return await self._post(path, AssignRequest(person_id=person_id), answer=PostingView)

    async def discard_posting(self, posting_id: str, *, reason: str) -> PostingView:
        """Give up a refused posting."""
        path = f"/v1/postings/{segment(posting_id)}/discard"
        return await self._post(path, DiscardRequest(reason=reason), answer=PostingView)


class AsyncFlowCalls(AsyncApiCalls):
    """Flows, listed, looked into and steered."""

    async def flows(
        self, *states: FlowState, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> FlowPage:
        """Give flows, newest first; without a state those that have not ended."""
        filters = {"state": [one.value for one in states] or None, "cursor": cursor, "limit": limit}
        return await self._get("/v1/flows", filters, answer=FlowPage)

    async def flow(self, flow_id: str) -> FlowDetail:
        """Give one flow with its steps."""
        return await self._get(f"/v1/flows/{segment(flow_id)}", answer=FlowDetail)

    async def pause_flow(self, flow_id: str, *, reason: str) -> FlowDetail:
        """Hold a flow back; a step that runs now is finished first."""
        return await self._steer(flow_id, "pause", reason)

    async def resume_flow(self, flow_id: str, *, reason: str) -> FlowDetail:
        """Let a paused flow go on."""
        return await self._steer(flow_id, "resume", reason)

    async def cancel_flow(self, flow_id: str, *, reason: str) -> FlowDetail:
        """Cancel the bills of a flow that have not left."""
        return await self._steer(flow_id, "cancel", reason)

    async def posting_switch(self) -> PostingSwitch:
        """Tell whether all posting is stopped, by whom and why."""
        return await self._get("/v1/posting-switch", answer=PostingSwitch)

    async def stop_posting(self, *, reason: str) -> PostingSwitch:
        """Stop all posting."""
        request = SteerRequest(reason=reason)
        return await self._post("/v1/posting-switch/stop", request, answer=PostingSwitch)

    async def start_posting(self, *, reason: str) -> PostingSwitch:
        """Start posting again."""
        request = SteerRequest(reason=reason)
        return await self._post("/v1/posting-switch/start", request, answer=PostingSwitch)

    async def _steer(self, flow_id: str, step: str, reason: str) -> FlowDetail:
        path = f"/v1/flows/{segment(flow_id)}/{step}"
        return await self._post(path, SteerRequest(reason=reason), answer=FlowDetail)


class AsyncContractCalls(AsyncApiCalls):
    """Contracts to look through, and the texts that their clauses were read out of."""

    async def contracts(
        self,
        *,
        q: str | None = None,
        has_proposals: bool = False,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> ContractPage:
        """Give one page of contracts, by id."""
        asked = {"q": q, "has_proposals": "true" if has_proposals else None}
        return await self._get(
            "/v1/contracts", asked | page_filters(cursor, limit), answer=ContractPage
        )

    async def contract(self, contract_id: str) -> Contract:
        """Give a contract's terms."""
        return await self._get(f"/v1/contracts/{segment(contract_id)}", answer=Contract)

    async def contract_document(self, contract_id: str, *, sha256: str) -> DocumentView:
        """Give the text that clauses of a contract were read out of."""
        path = f"/v1/contracts/{segment(contract_id)}/documents/{sha256}"
        return await self._get(path, answer=DocumentView)

    async def contract_terms(self, contract_id: str, *, on: date | None = None) -> TermsView:
        """Give the clauses in force on a day."""
        path = f"/v1/contracts/{segment(contract_id)}/terms"
        return await self._get(path, {"on": on and on.isoformat()}, answer=TermsView)


class AsyncProposalCalls(AsyncApiCalls):
    """Clauses proposed from a contract text, and the word of a person on each."""

    async def propose_clauses(
        self, contract_id: str, *, text: str, line_id: str | None = None
    ) -> ProposalAnswer:
        """Have a contract's text read; nothing it proposes is in force until it is confirmed."""
        path = f"/v1/contracts/{segment(contract_id)}/proposals"
        request = ProposalRequest(text=text, line_id=line_id)
        return await self._post(path, request, answer=ProposalAnswer)

    async def proposals(
        self,
        contract_id: str,
        *,
        status: ProposalStatus | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> ProposalPage:
        """Give one page of what was proposed for a contract, oldest first."""
        path = f"/v1/contracts/{segment(contract_id)}/proposals"
        return await self._get(
            path, {"status": status} | page_filters(cursor, limit), answer=ProposalPage
        )

    async def confirm_clause(self, proposal_id: str, request: ConfirmRequest) -> Proposal:
        """Put a proposed clause in force, with what the request corrects."""
        path = f"/v1/proposals/{segment(proposal_id)}/confirm"
        return await self._post(path, request, answer=Proposal)

    async def dismiss_clause(self, proposal_id: str, *, reason: str) -> Proposal:
        """Turn a proposed clause down."""
        path = f"/v1/proposals/{segment(proposal_id)}/dismiss"
        return await self._post(path, DismissRequest(reason=reason), answer=Proposal)


class AsyncModelCalls(AsyncApiCalls):
    """The models in force, and orders to change them."""

    async def models(self) -> ModelsView:
        """Tell what is in force, what it promises, what checks say of it, and what is ordered."""
        return await self._get("/v1/models", answer=ModelsView)

    async def model_jobs(self, *, cursor: str | None = None, limit: int = 20) -> JobPage:
        """Give the orders to the models, newest first."""
        return await self._get("/v1/models/jobs", page_filters(cursor, limit), answer=JobPage)

    async def model_job(self, job_id: str) -> JobView:
        """Tell how far an order to the models has come."""
        return await self._get(f"/v1/models/jobs/{segment(job_id)}", answer=JobView)

    async def retrain(self) -> JobView:
        """Order a training on everything the trail holds."""
        return await self._post("/v1/models/retrain", None, answer=JobView)

    async def look_for_drift(self) -> JobView:
        """Order a look for drift."""
        return await self._post("/v1/models/drift", None, answer=JobView)

    async def promote(self, version: int) -> JobView:
        """Order that a version becomes champion."""
        return await self._post(f"/v1/models/{version}/promote", None, answer=JobView)

    async def roll_back(self, version: int) -> JobView:
        """Order that an earlier version becomes champion again."""
        request = RollbackRequest(version=version)
        return await self._post("/v1/models/rollback", request, answer=JobView)

    async def shadow(self, version: int) -> JobView:
        """Order that a version is asked beside the champion, without any effect."""
        return await self._post(f"/v1/models/{version}/shadow", None, answer=JobView)

    async def end_shadow(self) -> JobView:
        """Order that no version is asked beside the champion any more."""
        return self._read(await self._send("DELETE", "/v1/models/challenger"), JobView)


class AsyncPolicyCalls(AsyncApiCalls):
    """The review policy: read, drafted, and published by a second person."""

    async def policy(self) -> PolicyView:
        """Tell what is in force."""
        return await self._get("/v1/policy", answer=PolicyView)

    async def policy_versions(
        self, *, cursor: str | None = None, limit: int = MAX_PAGE
    ) -> PolicyVersionPage:
        """List every version that was ever published, newest first."""
        asked = page_filters(cursor, limit)
        return await self._get("/v1/policy/versions", asked, answer=PolicyVersionPage)

    async def policy_drafts(
        self, *, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> DraftPage:
        """List drafts, newest first."""
        return await self._get("/v1/policy/drafts", page_filters(cursor, limit), answer=DraftPage)

    async def draft_policy(self, policy: ReviewPolicy, *, note: str) -> DraftView:
        """Propose a change."""
        request = DraftRequest(policy=policy, note=note)
        return await self._post("/v1/policy/drafts", request, answer=DraftView)

    async def publish_policy(self, draft_id: str) -> PolicyView:
        """Put a colleague's draft in force."""
        path = f"/v1/policy/drafts/{segment(draft_id)}/publish"
        return await self._post(path, None, answer=PolicyView)

    async def withdraw_policy(self, draft_id: str) -> DraftView:
        """Put a draft aside."""
        path = f"/v1/policy/drafts/{segment(draft_id)}/withdraw"
        return await self._post(path, None, answer=DraftView)

    async def policy_effect(self, policy: ReviewPolicy) -> PolicyEffect:
        """Tell what a policy would change for the cases that are open now."""
        request = EffectRequest(policy=policy)
        return await self._post("/v1/policy/effect", request, answer=PolicyEffect)


class AsyncQualityCalls(AsyncApiCalls):
    """How well people judge."""

    async def quality(self, *, days: int = 90) -> QualityView:
        """Measure agreement, caught faults and the effect of the models' opinion."""
        return await self._get("/v1/quality", {"days": days}, answer=QualityView)


class AsyncSubscriberCalls(AsyncApiCalls):
    """Subscribers to events; for integration owners and administrators."""

    async def event_types(self) -> EventTypePage:
        """List every type of event, with the JSON schema of what it says."""
        return await self._get("/v1/event-types", answer=EventTypePage)

    async def subscribers(
        self, *, cursor: str | None = None, limit: int = MAX_PAGE
    ) -> SubscriberPage:
        """List who is told of events, oldest first."""
        return await self._get(
            "/v1/subscribers", page_filters(cursor, limit), answer=SubscriberPage
        )

    async def subscriber(self, subscriber_id: str) -> SubscriberView:
        """Give one subscriber."""
        return await self._get(f"/v1/subscribers/{segment(subscriber_id)}", answer=SubscriberView)

    async def see_subscriber(self, subscriber_id: str) -> Seen[SubscriberView]:
        """Give one subscriber with its ETag, to be changed as it was seen."""
        return await self._see(f"/v1/subscribers/{segment(subscriber_id)}", answer=SubscriberView)

    async def subscribe(self, url: str, *, types: Sequence[str] = ()) -> SubscriberSecretView:
        """Have an address told of events; without types of all. The secret is shown this once."""
        request = SubscribeRequest(url=url, types=tuple(types))
        return await self._post("/v1/subscribers", request, answer=SubscriberSecretView)

    async def rotate_subscriber_secret(
        self, subscriber_id: str, *, if_match: str | None = None
    ) -> SubscriberSecretView:
        """Make a new secret; the one before it signs beside it for a day."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/rotate-secret"
        return await self._post(path, None, answer=SubscriberSecretView, if_match=if_match)

    async def disable_subscriber(self, subscriber_id: str) -> SubscriberView:
        """Send nothing more; what waits stays."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/disable"
        return await self._post(path, None, answer=SubscriberView)

    async def enable_subscriber(self, subscriber_id: str) -> SubscriberView:
        """Go on where it stopped."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/enable"
        return await self._post(path, None, answer=SubscriberView)

    async def replay_events(self, subscriber_id: str, *, since: datetime) -> SubscriberView:
        """Send everything since a moment once more, under the same ids."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/replay"
        return await self._post(path, ReplayRequest(since=since), answer=SubscriberView)

    async def try_subscriber(self, subscriber_id: str) -> TrialView:
        """Send a test event, and say whether it was taken."""
        path = f"/v1/subscribers/{segment(subscriber_id)}/test"
        return await self._post(path, None, answer=TrialView)


class AsyncSyncCalls(AsyncApiCalls):
    """Sources, listed, looked into, read now and given to somebody."""

    async def syncs(self) -> SyncsView:
        """Give every source that work is read from, with its last sync and its next."""
        return await self._get("/v1/syncs", answer=SyncsView)

    async def sync(self, source: str) -> SyncDetail:
        """Give one source with its last syncs."""
        return await self._get(f"/v1/syncs/{segment(source)}", answer=SyncDetail)

    async def run_sync(self, source: str) -> SyncDetail:
        """Have a source read now; `sync` tells how it went."""
        return await self._post(f"/v1/syncs/{segment(source)}/run", None, answer=SyncDetail)

    async def assign_sync(self, source: str, *, person_id: str) -> SyncDetail:
        """Put a person's name on a source."""
        path = f"/v1/syncs/{segment(source)}/assign"
        return await self._post(path, AssignRequest(person_id=person_id), answer=SyncDetail)


class AsyncTalkCalls(AsyncApiCalls):
    """Comments, files, saved views, notifications, and one's own work."""

    async def colleagues(self, *, case_id: str | None = None) -> ColleaguePage:
        """List who can be mentioned: everybody, or those who may see one case."""
        return await self._get("/v1/colleagues", {"case_id": case_id}, answer=ColleaguePage)

    async def comments(
        self, case_id: str, *, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> CommentPage:
        """List what was said about a case, oldest first."""
        path = f"/v1/cases/{segment(case_id)}/comments"
        return await self._get(path, page_filters(cursor, limit), answer=CommentPage)

    async def comment(self, case_id: str, *, text: str) -> CommentResponse:
        """Say something about a case; `@name` mentions a colleague."""
        path = f"/v1/cases/{segment(case_id)}/comments"
        return await self._post(path, CommentRequest(text=text), answer=CommentResponse)

    async def attachments(self, case_id: str) -> AttachmentPage:
        """List the files of a case."""
        return await self._get(f"/v1/cases/{segment(case_id)}/attachments", answer=AttachmentPage)

    async def attach(self, case_id: str, *, name: str, content: bytes) -> AttachmentView:
        """Put a file beside a case."""
        path = f"/v1/cases/{segment(case_id)}/attachments"
        sent = await self._send("POST", path, files={"file": (name, content)})
        return self._read(sent, AttachmentView)

    async def attachment(self, attachment_id: str) -> bytes:
        """Give the bytes of a file."""
        return await self._send("GET", f"/v1/attachments/{segment(attachment_id)}")

    async def views(self) -> ViewPage:
        """List one's own views, then shared ones."""
        return await self._get("/v1/views", answer=ViewPage)

    async def save_view(self, request: ViewRequest) -> SavedViewView:
        """Keep filters under a name."""
        return await self._post("/v1/views", request, answer=SavedViewView)

    async def delete_view(self, view_id: str) -> None:
        """Remove an own view."""
        await self._send("DELETE", f"/v1/views/{segment(view_id)}")

    async def notifications(
        self, *, unread: bool = False, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> NotificationPage:
        """List what one was told, newest first."""
        filters = {"unread": "true" if unread else None}
        return await self._get(
            "/v1/notifications", filters | page_filters(cursor, limit), answer=NotificationPage
        )

    async def mark_read(self, *ids: str) -> ReadResponse:
        """Mark notifications as read: those named, or all."""
        return await self._post("/v1/notifications/read", ReadRequest(ids=ids), answer=ReadResponse)

    async def deliveries(
        self,
        *,
        status: DeliveryStatus = DeliveryStatus.FAILED,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> DeliveryPage:
        """List deliveries outside the app by their status, newest first."""
        filters = {"status": status.value} | page_filters(cursor, limit)
        return await self._get("/v1/deliveries", filters, answer=DeliveryPage)

    async def my_work(self, *, since: datetime | None = None) -> MyWork:
        """Give what one holds, waits for, put away and got back."""
        filters = {"since": since.isoformat() if since else None}
        return await self._get("/v1/me/work", filters, answer=MyWork)

    async def absence(self) -> Absence:
        """Say when one is away."""
        return await self._get("/v1/me/absence", answer=Absence)

    async def see_absence(self) -> Seen[Absence]:
        """Say when one is away, with the ETag of it, to be changed as it was seen."""
        return await self._see("/v1/me/absence", answer=Absence)

    async def set_absence(self, request: AbsenceRequest, *, if_match: str | None = None) -> Absence:
        """Say when one is away, or that one is there again."""
        return self._read(
            await self._put("/v1/me/absence", body=request, if_match=if_match), Absence
        )


class AsyncCountersignClient(
    AsyncSessionCalls,
    AsyncAccountCalls,
    AsyncCaseCalls,
    AsyncQueueCalls,
    AsyncAuditCalls,
    AsyncDecidingCalls,
    AsyncItemCalls,
    AsyncReferenceCalls,
    AsyncOperationsCalls,
    AsyncPostingCalls,
    AsyncFlowCalls,
    AsyncContractCalls,
    AsyncProposalCalls,
    AsyncModelCalls,
    AsyncPolicyCalls,
    AsyncQualityCalls,
    AsyncSubscriberCalls,
    AsyncSyncCalls,
    AsyncTalkCalls,
):
    """Everything the API offers, typed, for one event loop."""
