"""Reviewers of the demo: they know the firm's truth, err like people do, and act over the API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.firm.records import Truth
from data.schemas.vocabulary import CaseStatus, ReasonCode, Verdict
from service.client import ApiProblem, CountersignClient
from service.wire.cases import Claim, ClaimRequest, DecisionRequest

ERROR_SHARE = 0.04
"""Share of verdicts that go wrong; reviewers in the field disagree in 5-10 % of cases."""
CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Two reviewers and the approver who signs large money."""

    reviewers: tuple[CountersignClient, ...]
    approver: CountersignClient


def decide_cases(
    desk: Desk, truth: Mapping[str, Truth], *, count: int, progress: Callable[[int], None]
) -> int:
    """Decide up to `count` cases, the reviewers taking turns; give how many were decided."""
    decided = 0
    while decided < count:
        reviewer = desk.reviewers[decided % len(desk.reviewers)]
        claims = reviewer.claim(ClaimRequest(count=1)).claims
        if not claims:
            break
        claim = claims[0]
        answer = reviewer.decide(
            claim.detail.case.id,
            request=_verdict(claim, truth),
            idempotency_key=f"{claim.detail.case.id}-{claim.detail.case.version}",
        )
        if answer.case.status is CaseStatus.AWAITING_SIGNATURE:
            _sign(desk.approver, claim.detail.case.id)
        decided += 1
        progress(decided)
    return decided


def _verdict(claim: Claim, truth: Mapping[str, Truth]) -> DecisionRequest:
    case = claim.detail.case
    known = truth.get(case.item_id)
    is_violation = known is not None and known.is_violation
    if _draw(case.item_id) < ERROR_SHARE:
        is_violation = not is_violation
    reason = ReasonCode.EVIDENCE_MISSING if is_violation else ReasonCode.CLAUSE_SATISFIED
    return DecisionRequest(
        lease_token=claim.lease_token,
        version=case.version,
        verdict=Verdict.REJECT if is_violation else Verdict.APPROVE,
        reason_codes=(reason,),
        note="Decided by a simulated reviewer of the demo.",
        active_seconds=30.0,
    )


def _sign(approver: CountersignClient, case_id: str) -> None:
    try:
        approver.sign(case_id, is_approved=True)
    except ApiProblem as problem:
        if problem.problem.status != CONFLICT:
            raise


def _draw(name: str) -> float:
    """A repeatable draw in [0, 1) for an item."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") / 256**6
