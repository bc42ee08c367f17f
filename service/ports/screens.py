"""Reads for lists and screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from data.schemas.assessment import Assessment
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, ItemKind, PostingStatus
from service.wire.cases import (
    AuditPage,
    CaseDetail,
    CasePage,
    DecisionPage,
    DecisionView,
    PostingPage,
    QueueSummary,
)
from service.wire.items import ItemVersions


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases a list shows; None means all."""

    status: CaseStatus | None = None
    client_id: str | None = None
    code: ExceptionCode | None = None
    kind: ItemKind | None = None
    text: str | None = None


class Screens(Protocol):
    """Reads for lists and screens, straight from the store, in the shapes of the wire."""

    def case_page(self, wanted: CaseFilter, *, cursor: str | None, limit: int) -> CasePage:
        """Give one page of cases, newest first."""
        ...

    def case_detail(self, case_id: str, *, undo_window: timedelta) -> CaseDetail | None:
        """Give everything about a case."""
        ...

    def queue_summary(self, *, now: datetime) -> QueueSummary:
        """Give what waits."""
        ...

    def decision_page(
        self, *, actor_id: str | None, cursor: str | None, limit: int, undo_window: timedelta
    ) -> DecisionPage:
        """Give one page of decisions, newest first."""
        ...

    def decision(self, decision_id: str, *, undo_window: timedelta) -> DecisionView | None:
        """Give one decision."""
        ...

    def posting_page(
        self, *, status: PostingStatus | None, cursor: str | None, limit: int
    ) -> PostingPage:
        """Give one page of postings, newest first."""
        ...

    def audit_page(self, *, subject: str | None, cursor: str | None, limit: int) -> AuditPage:
        """Give one page of the audit trail, oldest first."""
        ...

    def assessment(self, assessment_id: str) -> Assessment | None:
        """Give a stored assessment."""
        ...

    def item_versions(self, item_id: str) -> ItemVersions | None:
        """Give every version of an item, oldest first."""
        ...

    def reference(self, kind: str, object_id: str) -> str | None:
        """Give a reference object's body."""
        ...
