"""Shapes of requests for approval: what waits for whom, and what people say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from data.schemas.values import Record, Text
from data.schemas.vocabulary import ApprovalKind, ApprovalStatus, Verdict

MAX_NOTE = 1_000


class WordRequest(Record):
    """A yes, or a no with its reason."""

    is_approved: bool
    note: Annotated[Text, Field(max_length=MAX_NOTE)] = ""
    """Why; a no needs it."""


class ApprovalStepView(Record):
    """One person who must say yes, and what was said."""

    who: str
    """Who is asked, in words."""
    is_open: bool
    """It is asked now."""
    is_approved: bool | None
    """None until somebody spoke."""
    by_name: str | None
    in_place_of_name: str | None
    """Whose deputy spoke."""
    note: str
    at: datetime | None


class ApprovalRequestView(Record):
    """A decision that waits, or waited, for the approval of named people."""

    id: str
    case_id: str
    title: str
    client_name: str
    decision_id: str
    decided_by_name: str
    verdict: Verdict
    note: str
    """What the person who decided wrote."""
    kind: ApprovalKind
    amount_minor: int
    """The money it is about: written off, left out, or billed."""
    currency: str
    rule: str
    """The rule as it was when the decision was made, in words."""
    policy_version: int
    status: ApprovalStatus
    steps: tuple[ApprovalStepView, ...]
    waits_for: str
    """Who may speak now, in words; empty once it has ended."""
    since: datetime | None
    until: datetime | None
    """When it escalates; None once it has."""
    escalated_at: datetime | None
    may_i: bool
    why_not: str | None
    """Why this person's word is not asked."""


class ApprovalRequestPage(Record):
    """What waits for approval: what waits for the reader first, then the longest wait."""

    approvals: tuple[ApprovalRequestView, ...]
