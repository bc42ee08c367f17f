"""Shapes of the review queue: cases, claims and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from data.schemas.assessment import Assessment
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import Clause
from data.schemas.decision import Adjustment
from data.schemas.items import AnyItem
from data.schemas.values import Probability, Record
from data.schemas.vocabulary import (
    CaseStatus,
    FailureKind,
    ItemKind,
    OverrideCause,
    PostingStatus,
    ReasonCode,
    Route,
    ScoreExposure,
    Verdict,
)
from service.wire.verdicts import SpokenVerdict

MAX_PAGE = 200
MAX_CLAIM = 5


class CaseSummary(Record):
    """A case as a list shows it. The lane is left out: a check must not be told from work."""

    id: str
    status: CaseStatus
    version: int
    item_id: str
    kind: ItemKind
    title: str
    """Who or what, and the period: `Ana Diaz, 2026-03-02 to 2026-03-08`."""
    client_id: str
    client_name: str
    contract_id: str
    contract_name: str
    amount_minor: int
    currency: str
    risk_minor: int
    leak_minor: int
    """Like the money at risk: proved, and expected by the models where their opinion is told."""
    codes: tuple[ExceptionCode, ...]
    route: Route
    violation_probability: Probability | None
    delay_probability: Probability | None
    opened_at: datetime
    due_at: datetime
    assignee_id: str | None
    assignee_name: str | None
    lease_expires_at: datetime | None
    snoozed_until: datetime | None = None
    boost: str = ""
    """Why the case goes before others, in words; empty when it does not."""
    business_unit: str | None = None
    person_id: str | None = None
    project_id: str | None = None
    proved_risk_minor: int = 0
    proved_leak_minor: int = 0
    """What rules proved alone; the rest of the money is weighed by the models' probabilities."""


class CaseSearch(BaseModel):
    """Which cases are wanted; read from the query string."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: CaseStatus | None = None
    client_id: Annotated[str | None, Field(max_length=200)] = None
    code: ExceptionCode | None = None
    kind: ItemKind | None = None
    q: Annotated[str | None, Field(max_length=200)] = None
    """Part of a title, an item id or a contract id."""
    is_late: bool = False
    """Only cases whose answer is overdue."""


class CaseQuery(CaseSearch):
    """The same with the page that is wanted."""

    cursor: Annotated[str | None, Field(max_length=80)] = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50


class CasePage(Record):
    """One page of cases; `next_cursor` is None on the last."""

    cases: tuple[CaseSummary, ...]
    next_cursor: str | None


class QueueSummary(Record):
    """What waits, in cases, money and minutes."""

    waiting: int
    claimed: int
    held: int
    awaiting_information: int
    escalated: int
    decided_today: int
    waiting_minutes: float
    money_at_stake_minor: dict[str, int]
    """By currency."""
    next_due_at: datetime | None


class WhyNext(Record):
    """Why this case stands first: value x (doubt - reviewer error) / minutes."""

    value_minor: int
    currency: str
    doubt: Probability
    """Probability that the default would be wrong."""
    reviewer_error: Probability
    review_minutes: float
    net_per_minute_minor: float
    sentence: str


class HistoryEvent(Record):
    """One thing that happened to a case or its item."""

    at: datetime
    event: str
    actor: str
    text: str


class DecisionView(Record):
    """A decision as people see it."""

    id: str
    case_id: str
    title: str
    actor_id: str
    actor_name: str
    verdict: Verdict
    reason_codes: tuple[ReasonCode, ...]
    note: str
    approved_minor: int
    currency: str
    decided_at: datetime
    undo_until: datetime | None
    """Until then it can be undone and nothing has left; None when it is final."""
    is_undone: bool
    posting: PostingStatus | None
    written_off_minor: int = 0
    moved_minor: int = 0
    not_billed_minor: int = 0
    """What is neither billed, nor given up, nor moved: left to whoever submitted the item."""
    adjustments: tuple[Adjustment, ...] = ()
    override_cause: OverrideCause | None = None
    supersedes_id: str | None = None
    signs_id: str | None = None
    """The colleague's decision to which this is the second opinion."""
    bulk_id: str | None = None


class CaseDetail(Record):
    """Everything a reviewer needs on one screen."""

    case: CaseSummary
    item: Annotated[AnyItem, Field(discriminator="kind")]
    assessment: Assessment
    clauses: tuple[Clause, ...]
    """The clauses the findings cite, with text and place."""
    names: dict[str, str]
    """Display names of the people, projects and tasks that the item mentions, by id."""
    history: tuple[HistoryEvent, ...]
    decisions: tuple[DecisionView, ...]
    why_next: WhyNext | None
    exposure: ScoreExposure = ScoreExposure.SHOWN
    """What this person is told of the models' opinion."""
    own_verdict: Verdict | None = None
    """What this person said before they were told the models' opinion."""
    must_call_first: bool = False
    """The models' opinion comes once this person has said what they would do."""
    asked_of_me: Literal["decision", "second_verdict", "adjudication"] | None = None
    """What this person may say of the case now."""


class ClaimRequest(Record):
    """Ask for the next cases, or for one by id."""

    case_id: str | None = None
    count: Annotated[int, Field(ge=1, le=MAX_CLAIM)] = 1
    """How many to lease: the one to work on, and those to fetch ahead."""


class Claim(Record):
    """A leased case; `lease_token` fences every later write."""

    detail: CaseDetail
    lease_token: int
    lease_expires_at: datetime


class ClaimResponse(Record):
    """The claimed cases, best first; empty when nothing waits."""

    claims: tuple[Claim, ...]


class DecisionRequest(SpokenVerdict):
    """A verdict under a lease. Who decides comes from the session, never from the body."""

    lease_token: int
    version: int
    is_score_shown: bool = True
    """Accepted and ignored: the service knows what it told this person."""


class DecisionResponse(Record):
    """The stored decision and the case after it."""

    decision: DecisionView
    case: CaseSummary
    feedback: str | None = None
    """After a case whose answer was known: how the verdict compares."""


class LeaseRequest(Record):
    """Extend or give back a lease."""

    lease_token: int


class LeaseResponse(Record):
    """The lease after the request; None when it was given back."""

    lease_expires_at: datetime | None


class PostingView(Record):
    """A write to the ledger and how it fares."""

    id: str
    token: str
    item_id: str
    case_id: str | None
    client_name: str
    ledger: str
    status: PostingStatus
    total_minor: int
    currency: str
    document_id: str | None
    attempts: int
    error: str | None
    owner_id: str | None
    owner_name: str | None
    """Who sees to it, once it failed for good."""
    created_at: datetime
    done_at: datetime | None
    kind: FailureKind | None = None
    """How it failed last, while it is not done."""
    reason: str | None = None
    """The same code for all that one remedy mends."""
    reason_name: str | None = None
    remedy: str | None = None
    """What to do about it."""
    failing_since: datetime | None = None
    next_try_at: datetime | None = None
    """When it is tried again by itself."""
    due_at: datetime | None = None
    """When somebody must have acted, once it failed for good."""
    may_be_edited: bool = False
    """Nothing of it can stand in the ledger: what its bill says may still be mended."""


class PostingPage(Record):
    """Postings, newest first."""

    postings: tuple[PostingView, ...]
    next_cursor: str | None


class DecisionPage(Record):
    """Decisions, newest first."""

    decisions: tuple[DecisionView, ...]
    next_cursor: str | None
