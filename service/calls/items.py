"""Items in and out: assessments, versions, imports, history, missing time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

from data.schemas.missing_time import MissingTime
from service.calls.http import DEFAULT_PAGE, ApiCalls, listed, page_filters, segment
from service.wire.assessments import AssessmentRequest, AssessmentResponse, PastItem
from service.wire.imports import ImportPage, ImportReport, MappingCheck, MappingRequest
from service.wire.items import ItemVersions, Withdrawal


class ItemCalls(ApiCalls):
    """Items in and out: assessments, versions, imports, history, missing time."""

    def assess(
        self, items: Sequence[Mapping[str, Any]], *, idempotency_key: str
    ) -> AssessmentResponse:
        """Submit raw items; every row comes back assessed, unchanged or rejected."""
        request = AssessmentRequest(items=[dict(item) for item in items])
        return self._post(
            "/v1/assessments", request, answer=AssessmentResponse, key=idempotency_key
        )

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

    def add_history(self, past: Sequence[PastItem]) -> None:
        """Add items billed before Countersign came; they teach habits and are never assessed."""
        self._send("POST", "/v1/history", body=listed(past))

    def start_import(self, file: BinaryIO, *, name: str, mapping: str) -> ImportReport:
        """Upload a file with its mapping in YAML; the import goes on after the answer."""
        parts = {
            "file": (name, file, "application/octet-stream"),
            "mapping": ("mapping.yaml", mapping.encode(), "application/yaml"),
        }
        return self._read(self._send("POST", "/v1/imports", files=parts), ImportReport)

    def check_mapping(self, mapping: str) -> MappingCheck:
        """Have a mapping read; ApiProblem names every mistake."""
        request = MappingRequest(mapping=mapping)
        return self._post("/v1/imports/mapping-check", request, answer=MappingCheck)

    def imports(self, *, cursor: str | None = None, limit: int = DEFAULT_PAGE) -> ImportPage:
        """Give the imports that began last, newest first."""
        return self._get("/v1/imports", page_filters(cursor, limit), answer=ImportPage)

    def import_report(self, import_id: str) -> ImportReport:
        """Tell how far an import has come."""
        return self._get(f"/v1/imports/{segment(import_id)}", answer=ImportReport)

    def import_rejections(self, import_id: str) -> bytes:
        """Give the rows an import did not take, as CSV."""
        return self._send("GET", f"/v1/imports/{segment(import_id)}/rejections")
