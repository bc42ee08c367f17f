"""The review queue: lists, claims and leases."""

from __future__ import annotations

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, ItemKind
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.wire.cases import (
    CaseDetail,
    CasePage,
    ClaimRequest,
    ClaimResponse,
    LeaseRequest,
    LeaseResponse,
    QueueSummary,
)


class CaseCalls(ApiCalls):
    """The review queue: lists, claims and leases."""

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
        return self._get("/v1/cases", filters | page_filters(cursor, limit), answer=CasePage)

    def case(self, case_id: str) -> CaseDetail:
        """Give one case with everything on it."""
        return self._get(f"/v1/cases/{segment(case_id)}", answer=CaseDetail)

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
