"""Shapes of the review policy: in force, drafted, published, and what a draft would change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from data.policy_words import Change, Limit
from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import Record
from data.schemas.vocabulary import DraftStatus, Lane
from service.wire.models import CertificateView

MAX_NOTE = 1_000


class DraftRequest(Record):
    """A policy that somebody proposes, with why."""

    policy: ReviewPolicy
    note: Annotated[str, Field(min_length=1, max_length=MAX_NOTE)]


class EffectRequest(Record):
    """A policy of which somebody asks what it would change."""

    policy: ReviewPolicy


class DraftView(Record):
    """A draft, with what it would change."""

    id: str
    policy: ReviewPolicy
    note: str
    based_on: int
    author_id: str
    author_name: str
    drafted_at: datetime
    status: DraftStatus
    settled_by_name: str | None
    settled_at: datetime | None
    changes: tuple[Change, ...]
    """Against the version it was drafted on."""
    may_i_publish: bool
    why_not: str | None
    """Why the reader cannot publish it, in words."""


class DraftPage(Record):
    """The newest drafts, newest first."""

    drafts: tuple[DraftView, ...]
    next_cursor: str | None = None


class PolicyVersionView(Record):
    """A policy that is or was in force, with what it changed."""

    version: int
    policy: ReviewPolicy
    note: str
    author_name: str
    publisher_name: str
    published_at: datetime
    changes: tuple[Change, ...]
    """Against the version before."""


class PolicyVersionPage(Record):
    """Every version that was ever published, newest first."""

    versions: tuple[PolicyVersionView, ...]
    next_cursor: str | None = None


class PolicyView(Record):
    """What is in force now."""

    version: int
    """0 is the standard policy, which nobody had to publish."""
    policy: ReviewPolicy
    limits: tuple[Limit, ...]
    published_at: datetime | None
    note: str
    author_name: str | None
    publisher_name: str | None
    bundle: str | None
    promises: tuple[CertificateView, ...]
    """What the models in force promise: thresholds travel with them, not with this policy."""
    may_i_draft: bool


class PolicyCount(Record):
    """Cases that a policy asks something of."""

    four_eyes: int
    """Would need a second person if they were approved as they stand."""
    own_call: int
    """Would always ask for the person's own call first."""
    late: int
    """Have waited longer than they may."""


class LaneMinutes(Record):
    """Share of reviewers' minutes that one lane is given."""

    lane: Lane
    now: float
    then: float


class PolicyEffect(Record):
    """The cases open now under the policy in force, and under another."""

    open_cases: int
    now: PolicyCount
    then: PolicyCount
    minutes: tuple[LaneMinutes, ...]
    changes: tuple[Change, ...]
