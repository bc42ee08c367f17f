"""The audit trail, evidence, and lists as files."""

from __future__ import annotations

from typing import Any

from service.calls.http import ApiCalls, segment
from service.wire.audit import AuditPage, AuditQuery, AuditVerification


class AuditCalls(ApiCalls):
    """The audit trail, evidence, and lists as files."""

    def audit_events(self, wanted: AuditQuery | None = None) -> AuditPage:
        """Give one page of the audit trail; the oldest entries unless asked otherwise."""
        filters = (wanted or AuditQuery()).model_dump(mode="json", by_alias=True)
        return self._get("/v1/audit/events", filters, answer=AuditPage)

    def audit_verification(self) -> AuditVerification:
        """Check the next part of the trail against its newest signed head."""
        return self._get("/v1/audit/verification", answer=AuditVerification)

    def evidence(self, case_id: str) -> bytes:
        """Give the evidence of a case as a ZIP."""
        return self._send("GET", f"/v1/cases/{segment(case_id)}/evidence.zip")

    def exported(self, name: str, *, ending: str = "csv", **filters: Any) -> bytes:  # noqa: ANN401
        """Give a list as a file: cases, decisions, postings or audit, as csv or xlsx."""
        given = {key: one for key, one in filters.items() if one is not None}
        return self._send("GET", f"/v1/exports/{name}.{ending}", params=given)
