"""What a person is told of the models' opinion of a case: drawn by coin, with a known probability.

Whoever judges with an opinion before their eyes leans towards it. So a random share of cases is
judged without, and on large money people say what they would do before they are told
(Bucinca et al., CSCW 2021; Fogliato et al., FAccT 2022). As the draw is random, the difference
between the two kinds of verdict is what showing the opinion does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import CaseStatus, Lane, ScoreExposure, Verdict
from service.domain.actor import Actor
from service.domain.case import Case

SECOND_OPINIONS = frozenset({CaseStatus.AWAITING_SIGNATURE, CaseStatus.AWAITING_ADJUDICATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What one person was told of the models' opinion of one assessment."""

    case_id: str
    actor_id: str
    version: int
    """Of the case, when it was first shown."""
    assessment_id: str
    score: ScoreExposure
    propensity: float
    """Probability with which the coin said so."""
    shown_at: datetime
    own_verdict: Verdict | None = None
    """What the person said before they were told."""
    id: int = 0

    @property
    def is_score_shown(self) -> bool:
        """Say whether the models' opinion has been told."""
        return self.score is ScoreExposure.SHOWN or (
            self.score is ScoreExposure.AFTER_OWN_CALL and self.own_verdict is not None
        )

    @property
    def must_call_first(self) -> bool:
        """Say whether the opinion comes once the person has made their own call."""
        return self.score is ScoreExposure.AFTER_OWN_CALL and self.own_verdict is None


def draw_exposure(
    case: Case, *, actor: Actor, policy: ReviewPolicy, coin: Callable[[str], float], now: datetime
) -> Exposure:
    """Draw what a person is told; the same person and case always draw the same."""
    score, propensity = _drawn(case, actor=actor, policy=policy, coin=coin)
    return Exposure(
        case_id=case.id,
        actor_id=actor.id,
        version=case.version,
        assessment_id=case.assessment_id,
        score=score,
        propensity=propensity,
        shown_at=now,
    )


def _drawn(
    case: Case, *, actor: Actor, policy: ReviewPolicy, coin: Callable[[str], float]
) -> tuple[ScoreExposure, float]:
    if not actor.judges_blind:
        return ScoreExposure.SHOWN, 1.0
    if case.lane is Lane.DOUBLE or case.status in SECOND_OPINIONS:
        return ScoreExposure.HIDDEN, 1.0
    hidden = policy.hidden_score_share
    is_large = case.amount_minor >= policy.own_call_major * minor_per_major(case.currency)
    first = 1.0 if is_large else policy.own_call_share
    point = coin(f"exposure:{case.id}:{actor.id}")
    if point < hidden:
        return ScoreExposure.HIDDEN, hidden
    if is_large or point < hidden + (1.0 - hidden) * first:
        return ScoreExposure.AFTER_OWN_CALL, (1.0 - hidden) * first
    return ScoreExposure.SHOWN, (1.0 - hidden) * (1.0 - first)
