"""What the models find, in the same shape as what rules prove, with a probability below one."""

from __future__ import annotations

from collections.abc import Sequence

from data.schemas.assessment import EvidenceRow, Finding, Reason
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import Proof
from models.words_model.columns import sentence_of

MOST_EVIDENCE = 3
BILLING_CYCLE_DAYS = 30
ANNUAL_COST_OF_CAPITAL = 0.08
"""An item that misses its cut-off waits one more billing cycle for its money."""


def likely_violation(
    probability: float,
    *,
    item_id: str,
    amount_minor: int,
    reasons: Sequence[Reason],
    usual: dict[str, float | None],
) -> Finding:
    """A hidden fault is likely; its price is the amount times the probability."""
    return _finding(
        ExceptionCode.LIKELY_VIOLATION,
        probability=probability,
        summary=f"A full review would find a fault with a probability of {probability:.0%}",
        exposure_minor=round(probability * amount_minor),
        evidence=evidence_of(reasons, item_id=item_id, usual=usual),
    )


def delay_risk(
    probability: float,
    *,
    item_id: str,
    amount_minor: int,
    reasons: Sequence[Reason],
    usual: dict[str, float | None],
) -> Finding:
    """The invoice will leave late; its price is the wait for the money, a leak (below zero)."""
    wait = amount_minor * ANNUAL_COST_OF_CAPITAL * BILLING_CYCLE_DAYS / 365
    return _finding(
        ExceptionCode.INVOICE_DELAY_RISK,
        probability=probability,
        summary=f"The invoice misses its cut-off with a probability of {probability:.0%}",
        exposure_minor=-round(probability * wait),
        evidence=evidence_of(reasons, item_id=item_id, usual=usual),
    )


def _finding(
    code: ExceptionCode,
    *,
    probability: float,
    summary: str,
    exposure_minor: int,
    evidence: tuple[EvidenceRow, ...],
) -> Finding:
    return Finding(
        code=code,
        severity=CATALOGUE[code].severity,
        proof=Proof.MODEL,
        probability=probability,
        clause_id=None,
        summary=summary,
        evidence=evidence,
        exposure_minor=exposure_minor,
    )


def evidence_of(
    reasons: Sequence[Reason], *, item_id: str, usual: dict[str, float | None]
) -> tuple[EvidenceRow, ...]:
    """Give the strongest reasons that speak for a yes, each beside what is usual."""
    speaking_for = [reason for reason in reasons if reason.contribution > 0]
    return tuple(
        EvidenceRow(
            row_id=item_id,
            field=reason.feature,
            actual=reason.sentence,
            expected=_usually(reason.feature, usual=usual.get(reason.feature)),
        )
        for reason in speaking_for[:MOST_EVIDENCE]
    )


def _usually(feature: str, *, usual: float | None) -> str:
    if usual is None:
        return "Usually not known"
    sentence = sentence_of(feature, value=usual)
    return f"Usually: {sentence[0].lower()}{sentence[1:]}"
