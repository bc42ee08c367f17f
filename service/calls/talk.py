"""Talk about cases: comments, files, saved views, notifications, and one's own work."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import DeliveryStatus
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.calls.seen import Seen
from service.wire.my_work import Absence, AbsenceRequest, MyWork
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


class TalkCalls(ApiCalls):
    """Comments, files, saved views, notifications, and one's own work."""

    def colleagues(self, *, case_id: str | None = None) -> ColleaguePage:
        """List who can be mentioned: everybody, or those who may see one case."""
        return self._get("/v1/colleagues", {"case_id": case_id}, answer=ColleaguePage)

    def comments(
        self, case_id: str, *, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> CommentPage:
        """List what was said about a case, oldest first."""
        path = f"/v1/cases/{segment(case_id)}/comments"
        return self._get(path, page_filters(cursor, limit), answer=CommentPage)

    def comment(self, case_id: str, *, text: str) -> CommentResponse:
        """Say something about a case; `@name` mentions a colleague."""
        path = f"/v1/cases/{segment(case_id)}/comments"
        return self._post(path, CommentRequest(text=text), answer=CommentResponse)

    def attachments(self, case_id: str) -> AttachmentPage:
        """List the files of a case."""
        return self._get(f"/v1/cases/{segment(case_id)}/attachments", answer=AttachmentPage)

    def attach(self, case_id: str, *, name: str, content: bytes) -> AttachmentView:
        """Put a file beside a case."""
        path = f"/v1/cases/{segment(case_id)}/attachments"
        sent = self._send("POST", path, files={"file": (name, content)})
        return self._read(sent, AttachmentView)

    def attachment(self, attachment_id: str) -> bytes:
        """Give the bytes of a file."""
        return self._send("GET", f"/v1/attachments/{segment(attachment_id)}")

    def views(self) -> ViewPage:
        """List one's own views, then shared ones."""
        return self._get("/v1/views", answer=ViewPage)

    def save_view(self, request: ViewRequest) -> SavedViewView:
        """Keep filters under a name."""
        return self._post("/v1/views", request, answer=SavedViewView)

    def delete_view(self, view_id: str) -> None:
        """Remove an own view."""
        self._send("DELETE", f"/v1/views/{segment(view_id)}")

    def notifications(
        self, *, unread: bool = False, cursor: str | None = None, limit: int = DEFAULT_PAGE
    ) -> NotificationPage:
        """List what one was told, newest first."""
        filters = {"unread": "true" if unread else None}
        return self._get(
            "/v1/notifications", filters | page_filters(cursor, limit), answer=NotificationPage
        )

    def mark_read(self, *ids: str) -> ReadResponse:
        """Mark notifications as read: those named, or all."""
        return self._post("/v1/notifications/read", ReadRequest(ids=ids), answer=ReadResponse)

    def deliveries(
        self,
        *,
        status: DeliveryStatus = DeliveryStatus.FAILED,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> DeliveryPage:
        """List deliveries outside the app by their status, newest first."""
        filters = {"status": status.value} | page_filters(cursor, limit)
        return self._get("/v1/deliveries", filters, answer=DeliveryPage)

    def my_work(self, *, since: datetime | None = None) -> MyWork:
        """Give what one holds, waits for, put away and got back."""
        filters = {"since": since.isoformat() if since else None}
        return self._get("/v1/me/work", filters, answer=MyWork)

    def absence(self) -> Absence:
        """Say when one is away."""
        return self._get("/v1/me/absence", answer=Absence)

    def see_absence(self) -> Seen[Absence]:
        """Say when one is away, with the ETag of it, to be changed as it was seen."""
        return self._see("/v1/me/absence", answer=Absence)

    def set_absence(self, request: AbsenceRequest, *, if_match: str | None = None) -> Absence:
        """Say when one is away, or that one is there again."""
        return self._read(self._put("/v1/me/absence", body=request, if_match=if_match), Absence)
