"""What the models say of items in words: reasons for people, and findings with a probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.assessment import Finding, Reason
from data.schemas.questions import ASKED, Question
from models.boosting import Head
from models.bundle import Bundle
from models.bundle_document import ALWAYS_ASKED
from models.columns import Batch, Flags, Floats, Strings
from models.head_findings import head_finding
from models.model_findings import delay_risk, likely_violation
from models.reasons import reasons_for
from models.scores import Scores


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
    violation, delay = scores.answers[Question.ANY_FAULT], scores.answers[Question.MISSED_CUT_OFF]
    is_suspect = violation >= policy.violation_review_probability
    is_late = delay >= policy.delay_review_probability
    why_fault = _reasons(bundle.violation, scores.rows, wanted=is_asked | is_suspect)
    why_late = _reasons(bundle.delay, scores.rows, wanted=is_late)
    faults = _findings(likely_violation, batch, violation, is_suspect, why_fault, bundle)
    delays = _findings(delay_risk, batch, delay, is_late, why_late, bundle)
    return [Spoken(why_fault[i], (*faults[i], *delays[i])) for i in range(len(batch))]


def likely(
    batch: Batch,
    *,
    scores: Scores,
    proved: Sequence[Sequence[Finding]],
    suspected: Sequence[tuple[Finding, ...]],
    bundle: Bundle | None,
) -> list[tuple[Finding, ...]]:
    """Give what is likely wrong with each item: the word of a head, where there is one.

    A baseline's suspicion stands until a head is asked the same. Then the head's probability takes
    its place, or it is dropped where the head says no. What a rule has proved is left to the rule.
    """
    if bundle is None:
        return list(suspected)
    found = [list(own) for own in suspected]
    for question in bundle.heads:
        if question not in ALWAYS_ASKED:
            _speak(question, batch, found, scores=scores, proved=proved, bundle=bundle,
                   suspected=suspected)  # fmt: skip
    return [tuple(own) for own in found]


def _speak(
    question: Question,
    batch: Batch,
    found: list[list[Finding]],
    *,
    scores: Scores,
    proved: Sequence[Sequence[Finding]],
    suspected: Sequence[Sequence[Finding]],
    bundle: Bundle,
) -> None:
    """Let one head speak of every item it is asked about."""
    code, answers = ASKED[question].code, scores.answers[question]
    for i in np.flatnonzero(~np.isnan(answers)).tolist():
        found[i] = [one for one in found[i] if one.code is not code or one not in suspected[i]]
    is_yes = answers >= bundle.document.heads[question].flag_threshold
    is_yes &= np.array([all(one.code is not code for one in own) for own in proved], dtype=np.bool_)
    why = _reasons(bundle.heads[question], scores.rows, wanted=is_yes)
    for i in np.flatnonzero(is_yes).tolist():
        found[i].append(
            head_finding(
                question,
                probability=float(answers[i]),
                item=batch.items[i],
                baseline=next((one for one in suspected[i] if one.code is code), None),
                reasons=why[i],
                usual=bundle.document.usual,
                words=bundle.words,
            )
        )


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
