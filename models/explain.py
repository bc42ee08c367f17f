"""What the models say of items in words: reasons for people, and findings with a probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.schemas.assessment import Finding, Reason
from models.boosting import Head
from models.bundle import Bundle
from models.columns import Batch, Flags, Floats, Strings
from models.model_findings import delay_risk, likely_violation
from models.reasons import reasons_for


@dataclass(frozen=True, slots=True)
class Scores:
    """The vectors, and the probabilities (NaN without a bundle)."""

    table: Floats
    rows: Floats
    violation: Floats
    delay: Floats


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the models say of one item."""

    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()


def explain(batch: Batch, *, scores: Scores, lanes: Strings, bundle: Bundle | None) -> list[Spoken]:
    """Give reasons for every item that goes to a person or looks bad, and findings for the bad."""
    if bundle is None:
        return [Spoken()] * len(batch)
    policy = bundle.document.policy
    is_asked = np.array([lane is not None for lane in lanes], dtype=np.bool_)
    is_suspect = scores.violation >= policy.violation_review_probability
    is_late = scores.delay >= policy.delay_review_probability
    why_fault = _reasons(bundle.violation, scores.rows, wanted=is_asked | is_suspect)
    why_late = _reasons(bundle.delay, scores.rows, wanted=is_late)
    faults = _findings(likely_violation, batch, scores.violation, is_suspect, why_fault, bundle)
    delays = _findings(delay_risk, batch, scores.delay, is_late, why_late, bundle)
    return [Spoken(why_fault[i], (*faults[i], *delays[i])) for i in range(len(batch))]


def _findings(
    find: Callable[..., Finding],
    batch: Batch,
    probability: Floats,
    wanted: Flags,
    reasons: list[tuple[Reason, ...]],
    bundle: Bundle,
) -> list[tuple[Finding, ...]]:
    findings: list[tuple[Finding, ...]] = [()] * len(batch)
    for i in np.flatnonzero(wanted).tolist():
        findings[i] = (
            find(
                float(probability[i]),
                item_id=batch.items[i].item_id,
                amount_minor=int(batch.amount_minor[i]),
                reasons=reasons[i],
                usual=bundle.document.usual,
            ),
        )
    return findings


def _reasons(head: Head, rows: Floats, *, wanted: Flags) -> list[tuple[Reason, ...]]:
    reasons: list[tuple[Reason, ...]] = [()] * len(rows)
    where = np.flatnonzero(wanted)
    contributions = head.contributions(rows[where])
    for place, i in enumerate(where.tolist()):
        reasons[i] = reasons_for(contributions[place], values=rows[i], features=head.features)
    return reasons
