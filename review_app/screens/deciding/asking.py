"""What the decision bar asks of a person; the answer is a spoken verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.schemas.vocabulary import (
    FINAL_VERDICTS,
    Proof,
    ScoreExposure,
    Verdict,
)
from service.wire.cases import CaseDetail
from service.wire.verdicts import SpokenVerdict

LIKELY = 0.5
"""From here on the models hold a fault to be more likely than none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A case to answer: `take` gets the answer, `is_open` says whether it is still asked for.

    `take_first_call` gets the person's own call where the models' opinion comes after it.
    """

    detail: CaseDetail
    take: Callable[[CaseDetail, SpokenVerdict], None]
    is_open: Callable[[], bool] = lambda: True
    take_first_call: Callable[[CaseDetail, Verdict], None] | None = None
    verdicts: tuple[Verdict, ...] = tuple(Verdict)
    """The verdicts that may be given, in the order of their buttons."""

    @property
    def must_call_first(self) -> bool:
        """Say whether the person's own call comes before everything else."""
        return self.detail.must_call_first and self.take_first_call is not None


def stage_of(detail: CaseDetail) -> str:
    """Name what a person is told now: each new stage has to be read before a key counts."""
    return f"{detail.exposure}:{detail.own_verdict or ''}:{detail.must_call_first}"


def is_rule_proved(detail: CaseDetail) -> bool:
    """Say whether a rule, and not only a model, found a fault."""
    return any(found.proof is Proof.RULE for found in detail.assessment.findings)


def is_override(detail: CaseDetail, verdict: Verdict) -> bool:
    """Say whether a verdict goes against what the rules proved or the models were heard to say."""
    if verdict not in FINAL_VERDICTS:
        return False
    is_proved, likely = is_rule_proved(detail), _heard(detail)
    if verdict is Verdict.APPROVE:
        return is_proved or (likely is not None and likely >= LIKELY)
    return not is_proved and likely is not None and likely < LIKELY


def _heard(detail: CaseDetail) -> float | None:
    """What the models said of a fault, if this person was told."""
    if detail.must_call_first or detail.exposure is ScoreExposure.HIDDEN:
        return None
    return detail.case.violation_probability
