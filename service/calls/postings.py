"""Postings, and what people do about those that failed for good."""

from __future__ import annotations

from data.schemas.vocabulary import PostingStatus
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.wire.cases import PostingPage, PostingView
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


class PostingCalls(ApiCalls):
    """Postings, and what people do about those that failed for good."""

    def postings(
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
        return self._get("/v1/postings", filters | page_filters(cursor, limit), answer=PostingPage)

    def posting(self, posting_id: str) -> PostingView:
        """Give one posting."""
        return self._get(f"/v1/postings/{segment(posting_id)}", answer=PostingView)

    def posting_reasons(self) -> ReasonsView:
        """Give the exception queue by reason, the most frequent first."""
        return self._get("/v1/postings/reasons", answer=ReasonsView)

    def bill(self, posting_id: str) -> BillView:
        """Give the bill of a posting as it goes to the ledger."""
        return self._get(f"/v1/postings/{segment(posting_id)}/bill", answer=BillView)

    def bill_file(self, posting_id: str) -> bytes:
        """Give the same as CSV, a row for each line, to be entered in the ledger by hand."""
        return self._send("GET", f"/v1/postings/{segment(posting_id)}/bill.csv")

    def retry_alike(self, code: str, *, reason: str) -> RetriedView:
        """Have everything tried again that failed for one reason, at most 500 at once."""
        request = RetryAlikeRequest(code=code, reason=reason)
        return self._post("/v1/postings/retry", request, answer=RetriedView)

    def edit_posting(self, posting_id: str, *, request: EditRequest) -> PostingView:
        """Mend the period or the words of a refused bill, and have it tried again."""
        path = f"/v1/postings/{segment(posting_id)}/edit"
        return self._post(path, request, answer=PostingView)

    def mark_posted(self, posting_id: str, *, document_id: str, reason: str) -> PostingView:
        """Note the document that somebody wrote in the ledger by hand for a refused posting."""
        path = f"/v1/postings/{segment(posting_id)}/posted"
        request = MarkPostedRequest(document_id=document_id, reason=reason)
        return self._post(path, request, answer=PostingView)

    def retry_posting(self, posting_id: str, *, reason: str) -> PostingView:
        """Have a refused posting tried once more."""
        path = f"/v1/postings/{segment(posting_id)}/retry"
        return self._post(path, RetryRequest(reason=reason), answer=PostingView)

    def assign_posting(self, posting_id: str, *, person_id: str) -> PostingView:
        """Put a person's name on a refused posting."""
        path = f"/v1/postings/{segment(posting_id)}/assign"
        return self._post(path, AssignRequest(person_id=person_id), answer=PostingView)

    def discard_posting(self, posting_id: str, *, reason: str) -> PostingView:
        """Give up a refused posting."""
        path = f"/v1/postings/{segment(posting_id)}/discard"
        return self._post(path, DiscardRequest(reason=reason), answer=PostingView)
