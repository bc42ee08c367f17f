"""Reviewers of the demo: they know the firm's truth, err like people do, and act over the API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.firm.records import FaultKind, Truth
from data.schemas.questions import Question
from data.schemas.vocabulary import REASONS_BY_VERDICT, CaseStatus, ReasonCode, Verdict
from service.client import ApiProblem, CountersignClient
from service.usecases.learning.verdict_answers import QUESTION_OF_REASON
from service.wire.cases import Claim, ClaimRequest, DecisionRequest
from service.wire.deciding import SecondVerdictRequest

ERROR_SHARE = 0.04
"""Share of verdicts that go wrong; reviewers in the field disagree in 5-10 % of cases."""
CONFLICT = 409
SIMULATED = "Decided by a simulated reviewer of the demo."
MOST_REASONS = 5
REASON_OF: Mapping[Question, ReasonCode] = {
    question: reason for (reason, _), question in QUESTION_OF_REASON.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Two reviewers, and the approver who judges large money a second time."""

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
            _judge_again(desk.approver, claim.detail.case.id, truth)
        decided += 1
        progress(decided)
    return decided


def _verdict(claim: Claim, truth: Mapping[str, Truth]) -> DecisionRequest:
    case = claim.detail.case
    known = truth.get(case.item_id)
    is_violation = known is not None and known.is_violation
    if _draw(case.item_id) < ERROR_SHARE:
        is_violation = not is_violation
    verdict, reasons = _judged(known, is_violation=is_violation)
    return DecisionRequest(
        lease_token=claim.lease_token,
        version=case.version,
        verdict=verdict,
        reason_codes=reasons,
        note=SIMULATED,
        active_seconds=30.0,
    )


def _judged(known: Truth | None, *, is_violation: bool) -> tuple[Verdict, tuple[ReasonCode, ...]]:
    if not is_violation:
        return Verdict.APPROVE, (ReasonCode.CLAUSE_SATISFIED,)
    reasons = _reasons(known)
    return _refusal(reasons), reasons


def _reasons(known: Truth | None) -> tuple[ReasonCode, ...]:
    """The reasons that name what is hidden in an item; the rest lacks evidence."""
    faults = known.faults if known is not None else ()
    hidden = [fault.code.question for fault in faults if isinstance(fault.code, FaultKind)]
    named = dict.fromkeys(REASON_OF[one] for one in hidden if one is not None and one in REASON_OF)
    for verdict in (Verdict.REJECT, Verdict.WRITE_OFF):
        fitting = tuple(one for one in named if one in REASONS_BY_VERDICT[verdict])
        if fitting:
            return fitting[:MOST_REASONS]
    return (ReasonCode.EVIDENCE_MISSING,)


def _refusal(reasons: tuple[ReasonCode, ...]) -> Verdict:
    """What can be mended goes back; what may never be billed is written off."""
    goes_back = set(reasons) <= set(REASONS_BY_VERDICT[Verdict.REJECT])
    return Verdict.REJECT if goes_back else Verdict.WRITE_OFF


def _judge_again(approver: CountersignClient, case_id: str, truth: Mapping[str, Truth]) -> None:
    """Judge a case as it is; where the first person erred, a third one has to rule."""
    case = approver.case(case_id).case
    known = truth.get(case.item_id)
    verdict, reasons = _judged(known, is_violation=known is not None and known.is_violation)
    request = SecondVerdictRequest(
        version=case.version,
        verdict=verdict,
        reason_codes=reasons,
        note=SIMULATED,
        active_seconds=30.0,
    )
    try:
        approver.second_verdict(case_id, request=request)
    except ApiProblem as problem:
        if problem.problem.status != CONFLICT:
            raise


def _draw(name: str) -> float:
    """A repeatable draw in [0, 1) for an item."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") / 256**6
