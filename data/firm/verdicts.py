"""What the firm's own reviewers found when they read everything: nearly the truth, days later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from data.firm.chance import Chance
from data.firm.records import FaultKind, PastVerdict, Submission, Truth
from data.schemas.catalogue import ExceptionCode

MISSED_VIOLATION_PROBABILITY = 0.04
FALSE_ALARM_PROBABILITY = 0.003
"""Reviewers who must give a reason rarely invent one."""
MEDIAN_DAYS, SPREAD, LONGEST_DAYS = 3.0, 0.8, 40.0


def review_everything(
    submissions: Sequence[Submission], *, truth: Mapping[str, Truth], chance: Chance
) -> tuple[PastVerdict, ...]:
    """One verdict for each item, in the order in which they became known."""
    verdicts = []
    for submission in submissions:
        item_id = submission.item.item_id
        found = _found(truth[item_id], chance=chance)
        days = min(chance.lognormal(median=MEDIAN_DAYS, sigma=SPREAD), LONGEST_DAYS)
        verdicts.append(
            PastVerdict(
                item_id=item_id,
                is_violation=bool(found),
                found=found,
                known_at=(submission.received_at + timedelta(days=days)).replace(microsecond=0),
            )
        )
    return tuple(sorted(verdicts, key=lambda verdict: (verdict.known_at, verdict.item_id)))


def _found(truth: Truth, *, chance: Chance) -> tuple[ExceptionCode | FaultKind, ...]:
    if truth.is_violation:
        is_missed = chance.happens(MISSED_VIOLATION_PROBABILITY)
        return () if is_missed else tuple(fault.code for fault in truth.faults)
    if chance.happens(FALSE_ALARM_PROBABILITY):
        return (chance.pick(tuple(FaultKind)),)
    return ()
