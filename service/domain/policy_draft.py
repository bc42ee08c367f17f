"""Versions of the review policy: drafted by one person, put in force by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import DraftStatus
from service.domain.errors import DraftSettledError, OutdatedDraftError, OwnDraftError


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """A policy that somebody proposes; it has no effect until somebody else publishes it."""

    id: str
    policy: ReviewPolicy
    note: str
    """Why, in the author's words."""
    based_on: int
    """The version in force when it was drafted; 0 is the standard policy."""
    author_id: str
    drafted_at: datetime
    status: DraftStatus = DraftStatus.WAITING
    settled_by_id: str | None = None
    settled_at: datetime | None = None

    def published(self, *, by: str, in_force: int, at: datetime) -> PolicyDraft:
        """Put in force by another person, on top of the version it was drafted on.

        Raises OwnDraftError, DraftSettledError and OutdatedDraftError.
        """
        self._require_waiting()
        if by == self.author_id:
            raise OwnDraftError(self.id)
        if in_force != self.based_on:
            raise OutdatedDraftError(self.id, based_on=self.based_on, in_force=in_force)
        return replace(self, status=DraftStatus.PUBLISHED, settled_by_id=by, settled_at=at)

    def withdrawn(self, *, by: str, at: datetime) -> PolicyDraft:
        """Put aside for good. Raises DraftSettledError."""
        self._require_waiting()
        return replace(self, status=DraftStatus.WITHDRAWN, settled_by_id=by, settled_at=at)

    def _require_waiting(self) -> None:
        if self.status is not DraftStatus.WAITING:
            raise DraftSettledError(self.id, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A policy that is or was in force."""

    version: int
    draft_id: str
    policy: ReviewPolicy
    note: str
    author_id: str
    publisher_id: str
    published_at: datetime
