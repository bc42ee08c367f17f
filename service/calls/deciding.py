"""Decisions: taken, thought of, seconded, ruled on, undone, corrected, many at once, and listed."""

from __future__ import annotations

from data.schemas.vocabulary import TransferStatus
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.wire.approvals import ApprovalRequestPage, ApprovalRequestView, WordRequest
from service.wire.cases import DecisionPage, DecisionRequest, DecisionResponse
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


class DecidingCalls(ApiCalls):
    """Decisions, by one person and by more, on one case and on many."""

    def decide(
        self, case_id: str, *, request: DecisionRequest, idempotency_key: str
    ) -> DecisionResponse:
        """Record a verdict; a repeat with the same key gives the first answer."""
        path = f"/v1/cases/{segment(case_id)}/decision"
        return self._post(path, request, answer=DecisionResponse, key=idempotency_key)

    def preview_decision(self, request: PreviewRequest) -> MoneyPreview:
        """Say what a verdict would come to; nothing is stored."""
        return self._post("/v1/decisions/preview", request, answer=MoneyPreview)

    def decisions(
        self, *, mine: bool = True, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> DecisionPage:
        """Give one page of decisions, newest first."""
        filters = {"mine": "true" if mine else "false"}
        return self._get(
            "/v1/decisions", filters | page_filters(cursor, limit), answer=DecisionPage
        )

    def approval_requests(self) -> ApprovalRequestPage:
        """Give decisions that wait for the approval of named people, the caller's part first."""
        return self._get("/v1/approval-requests", answer=ApprovalRequestPage)

    def approval_request(self, approval_id: str) -> ApprovalRequestView:
        """Give one request for approval."""
        path = f"/v1/approval-requests/{segment(approval_id)}"
        return self._get(path, answer=ApprovalRequestView)

    def give_word(self, approval_id: str, *, is_approved: bool, note: str) -> ApprovalRequestView:
        """Approve a decision, or send it back with a reason."""
        path = f"/v1/approval-requests/{segment(approval_id)}/word"
        request = WordRequest(is_approved=is_approved, note=note)
        return self._post(path, request, answer=ApprovalRequestView)

    def undo(self, decision_id: str) -> DecisionResponse:
        """Take a decision back while nothing has left."""
        path = f"/v1/decisions/{segment(decision_id)}/undo"
        return self._post(path, None, answer=DecisionResponse)

    def correct(self, decision_id: str, *, request: CorrectionRequest) -> DecisionResponse:
        """Put another decision in the place of one that is final."""
        path = f"/v1/decisions/{segment(decision_id)}/correct"
        return self._post(path, request, answer=DecisionResponse)

    def approvals(self) -> ApprovalPage:
        """Give what waits for a second or a third person."""
        return self._get("/v1/approvals", answer=ApprovalPage)

    def second_verdict(self, case_id: str, *, request: SecondVerdictRequest) -> DecisionResponse:
        """Give one's own verdict on a case that a colleague decided."""
        path = f"/v1/cases/{segment(case_id)}/second-verdict"
        return self._post(path, request, answer=DecisionResponse)

    def adjudicate(self, case_id: str, *, request: AdjudicationRequest) -> DecisionResponse:
        """Say which of two decisions stands."""
        path = f"/v1/cases/{segment(case_id)}/adjudication"
        return self._post(path, request, answer=DecisionResponse)

    def preview_bulk(self, request: BulkRequest) -> BulkPreview:
        """Say which cases one verdict would decide."""
        return self._post("/v1/bulk/preview", request, answer=BulkPreview)

    def decide_bulk(self, request: BulkRequest, *, idempotency_key: str) -> BulkAnswer:
        """Decide several cases at once; a repeat with the same key gives the first answer."""
        return self._post("/v1/bulk", request, answer=BulkAnswer, key=idempotency_key)

    def revert_bulk(self, bulk_id: str) -> BulkPage:
        """Take a bulk back as a whole; gives one's newest bulks."""
        return self._post(f"/v1/bulk/{segment(bulk_id)}/revert", None, answer=BulkPage)

    def bulks(
        self, *, mine: bool = True, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> BulkPage:
        """Give bulks, newest first."""
        filters = {"mine": "true" if mine else "false"}
        return self._get("/v1/bulk", filters | page_filters(cursor, limit), answer=BulkPage)

    def transfers(
        self,
        *,
        status: TransferStatus | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> TransferPage:
        """Give one page of the minutes that decisions moved."""
        return self._get(
            "/v1/transfers", {"status": status, **page_filters(cursor, limit)}, answer=TransferPage
        )

    def settle_transfer(self, transfer_id: str, *, request: SettleRequest) -> TransferPage:
        """Say what became of moved minutes; gives those that are still open."""
        path = f"/v1/transfers/{segment(transfer_id)}/settle"
        return self._post(path, request, answer=TransferPage)
