"""Reads for lists and screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from data.schemas.assessment import Assessment
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, ItemKind, PostingStatus
from service.domain.wall import Wall
from service.wire.audit import AuditPage, AuditQuery
from service.wire.cases import (
    CaseDetail,
    CasePage,
    DecisionPage,
    DecisionView,
    PostingPage,
    PostingView,
    QueueSummary,
)
from service.wire.contracts import ContractPage, ContractQuery
from service.wire.items import ItemVersions
from service.wire.known_cases import RelativePage, SimilarPage
from service.wire.postings import ReasonsView


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases a list shows; None means all."""

    status: CaseStatus | None = None
    client_id: str | None = None
    code: ExceptionCode | None = None
    kind: ItemKind | None = None
    text: str | None = None
    late_at: datetime | None = None
    """Leaves those that still need somebody and were due before this moment."""
    judge_id: str | None = None
    """Of whoever decides cases: blind repeats in the hands of others are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingFilter:
    """Which postings a list shows; None means all."""

    status: PostingStatus | None = None
    reason: str | None = None
    owner_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry of the audit trail, byte for byte; without an index it waits to be ordered."""

    index: int | None
    body: str


class Screens(Protocol):
    """Reads for lists and screens, straight from the store, in the shapes of the wire.

    Each takes the wall of whoever asks: what lies behind it is not found, listed or counted.
    """

    def case_page(
        self, wanted: CaseFilter, *, wall: Wall, cursor: str | None, limit: int
    ) -> CasePage:
        """Give one page of cases, newest first."""
        ...

    def case_detail(
        self, case_id: str, *, wall: Wall, undo_window: timedelta, now: datetime
    ) -> CaseDetail | None:
        """Give everything about a case."""
        ...

    def relatives(self, case_id: str, *, wall: Wall) -> RelativePage | None:
        """Give the unfinished cases that have something in common with one."""
        ...

    def similar(self, case_id: str, *, wall: Wall) -> SimilarPage | None:
        """Give the decided cases most like one, with what became of them."""
        ...

    def queue_summary(self, *, wall: Wall, now: datetime) -> QueueSummary:
        """Give what waits."""
        ...

    def decision_page(
        self,
        *,
        actor_id: str | None,
        wall: Wall,
        blind_to: str | None,
        cursor: str | None,
        limit: int,
        undo_window: timedelta,
        now: datetime,
    ) -> DecisionPage:
        """Give one page of decisions, newest first.

        To the person `blind_to` nothing is told of colleagues' verdicts that wait for a second one.
        """
        ...

    def decision(
        self, decision_id: str, *, wall: Wall, undo_window: timedelta, now: datetime
    ) -> DecisionView | None:
        """Give one decision."""
        ...

    def posting_page(
        self,
        *,
        status: PostingStatus | None,
        wall: Wall,
        cursor: str | None,
        limit: int,
        reason: str | None = None,
        owner_id: str | None = None,
    ) -> PostingPage:
        """Give one page of postings, newest first."""
        ...

    def posting_reasons(self, *, wall: Wall, now: datetime) -> ReasonsView:
        """Give the exception queue by reason."""
        ...

    def bill(self, posting_id: str, *, wall: Wall) -> str | None:
        """Give the bill of a posting as it was written down."""
        ...

    def contract_page(self, wanted: ContractQuery, *, wall: Wall) -> ContractPage:
        """Give one page of contracts, by id."""
        ...

    def posting(self, posting_id: str, *, wall: Wall) -> PostingView | None:
        """Give one posting."""
        ...

    def audit_page(self, wanted: AuditQuery) -> AuditPage:
        """Give one page of the audit trail; no wall can cut it."""
        ...

    def entries_about(self, subjects: Sequence[str]) -> tuple[StoredEntry, ...]:
        """Give every entry about any of these, oldest first, as it is stored."""
        ...

    def assessment(self, assessment_id: str, *, wall: Wall) -> Assessment | None:
        """Give a stored assessment."""
        ...

    def item_versions(self, item_id: str, *, wall: Wall) -> ItemVersions | None:
        """Give every version of an item, oldest first."""
        ...
