"""What the workbench asks of the API, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import Verdict
from service.wire.access import Problem
from service.wire.cases import (
    CaseDetail,
    ClaimRequest,
    ClaimResponse,
    DecisionRequest,
    DecisionResponse,
    LeaseResponse,
    QueueSummary,
)


class DeskApi(Protocol):
    """What the workbench asks of the API; CountersignClient does it."""

    def queue(self) -> QueueSummary: ...  # noqa: D102
    def claim(self, request: ClaimRequest) -> ClaimResponse: ...  # noqa: D102
    def undo(self, decision_id: str) -> DecisionResponse: ...  # noqa: D102
    def extend_lease(self, case_id: str, *, lease_token: int) -> LeaseResponse: ...  # noqa: D102
    def release_lease(self, case_id: str, *, lease_token: int) -> LeaseResponse: ...  # noqa: D102
    def decide(  # noqa: D102
        self, case_id: str, *, request: DecisionRequest, idempotency_key: str
    ) -> DecisionResponse: ...
    def call_first(  # noqa: D102
        self, case_id: str, *, lease_token: int, verdict: Verdict
    ) -> CaseDetail: ...
    def snooze(  # noqa: D102
        self, case_id: str, *, lease_token: int, until: datetime, reason: str
    ) -> LeaseResponse: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A decision the API did not take, which the reviewer has to know about."""

    case_id: str
    title: str
    verdict: Verdict | None
    """None when not a decision but the hold on the case was refused."""
    problem: Problem
    note: str = ""
    """What the reviewer wrote with the decision, to be used again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the desk stands with the API at one moment."""

    unsent: tuple[str, ...]
    """Cases whose decisions are still on their way."""
    trouble: str | None
    refusals: tuple[Refusal, ...]
    undoable_case_id: str | None
    """The case whose decision, the latest, can be taken back; None once it is final."""
    queue: QueueSummary | None
    is_session_ended: bool
    feedback: str | None = None
    """How the verdict on a case whose answer was known compares with it."""
