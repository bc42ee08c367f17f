"""Shapes of cases with a known answer, relatives and similar cases, snooze and the own call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from data.schemas.values import Record
from data.schemas.vocabulary import ItemKind, ReasonCode, Verdict
from service.wire.cases import CaseSummary

LONGEST_REASON = 1_000
Why = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
Shared = Literal["client", "project", "person", "finding"]


class OwnCallRequest(Record):
    """What the person would do, before they are told what the models say."""

    lease_token: int
    verdict: Verdict


class SnoozeRequest(Record):
    """Put a case off until a moment; what it waits for is part of its history."""

    lease_token: int
    until: datetime
    reason: Why


class RelativeView(Record):
    """An unfinished case that has something in common with another."""

    case: CaseSummary
    shares: tuple[Shared, ...]


class RelativePage(Record):
    """Relatives, most in common first."""

    relatives: tuple[RelativeView, ...]


class SimilarCase(Record):
    """A decided case like this one, and what became of it."""

    case_id: str
    title: str
    shares: tuple[Shared, ...]
    verdict: Verdict
    reason_codes: tuple[ReasonCode, ...]
    approved_minor: int
    amount_minor: int
    currency: str
    decided_at: datetime
    outcome: str


class SimilarPage(Record):
    """The decided cases that are most like this one."""

    similar: tuple[SimilarCase, ...]


class KnownCaseRequest(Record):
    """Name the right answer on the item of a case; it is shown to others among their work."""

    case_id: str
    is_faulty: bool
    """Whether billing the item as it stood was wrong."""
    why: Why
    """Told to people after their verdict."""


class KnownCaseView(Record):
    """An item with a known answer."""

    id: str
    item_id: str
    kind: ItemKind
    title: str
    is_faulty: bool
    source: str
    why: str
    named_by: str
    at: datetime
    shown: int
    """To how many people."""
    right: int
    """How many of their verdicts were right."""


class KnownCasePage(Record):
    """The known answers in force, newest first."""

    known_cases: tuple[KnownCaseView, ...]
    next_cursor: str | None = None
