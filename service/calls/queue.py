"""What a reviewer does beside deciding: call first, put off, compare; and naming known answers."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import Verdict
from service.calls.http import ApiCalls, page_filters, segment
from service.wire.cases import MAX_PAGE, CaseDetail, LeaseResponse
from service.wire.known_cases import (
    KnownCasePage,
    KnownCaseRequest,
    KnownCaseView,
    OwnCallRequest,
    RelativePage,
    SimilarPage,
    SnoozeRequest,
)


class QueueCalls(ApiCalls):
    """What a reviewer does beside deciding, and naming known answers."""

    def call_first(self, case_id: str, *, lease_token: int, verdict: Verdict) -> CaseDetail:
        """Say what one would do, and be told what the models say."""
        request = OwnCallRequest(lease_token=lease_token, verdict=verdict)
        return self._post(f"/v1/cases/{segment(case_id)}/own-call", request, answer=CaseDetail)

    def snooze(
        self, case_id: str, *, lease_token: int, until: datetime, reason: str
    ) -> LeaseResponse:
        """Put a case off until a moment."""
        request = SnoozeRequest(lease_token=lease_token, until=until, reason=reason)
        return self._post(f"/v1/cases/{segment(case_id)}/snooze", request, answer=LeaseResponse)

    def relatives(self, case_id: str) -> RelativePage:
        """Give the unfinished cases that have something in common with one."""
        return self._get(f"/v1/cases/{segment(case_id)}/relatives", answer=RelativePage)

    def similar(self, case_id: str) -> SimilarPage:
        """Give the decided cases most like one."""
        return self._get(f"/v1/cases/{segment(case_id)}/similar", answer=SimilarPage)

    def known_cases(self, *, cursor: str | None = None, limit: int = MAX_PAGE) -> KnownCasePage:
        """Give the known answers in force, newest first."""
        return self._get("/v1/known-cases", page_filters(cursor, limit), answer=KnownCasePage)

    def name_known_case(self, request: KnownCaseRequest) -> KnownCaseView:
        """Name the right answer on the item of a decided case."""
        return self._post("/v1/known-cases", request, answer=KnownCaseView)

    def end_known_case(self, known_id: str) -> None:
        """Show a known answer no more."""
        self._send("DELETE", f"/v1/known-cases/{segment(known_id)}")
