"""What the firm's own reviewers found when they read everything: nearly the truth, days later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from data.firm.chance import Chance
from data.firm.records import PastVerdict, Submission, Truth
from data.firm.reviewers import Reviewer, draw_reviewers

MEDIAN_DAYS, SPREAD, LONGEST_DAYS = 3.0, 0.8, 40.0
BLIND_SHARE = 0.05
"""Items that a second person reviews without knowing of the first."""
BLIND_DAYS = (1.0, 12.0)


def review_everything(
    submissions: Sequence[Submission], *, truth: Mapping[str, Truth], practice: str, chance: Chance
) -> tuple[PastVerdict, ...]:
    """One verdict for each item, and a second for some, in the order in which they became known.

    Nobody saw a score: this is the time before there was a model.
    """
    reviewers = draw_reviewers(len(submissions), practice=practice, chance=chance)
    verdicts = []
    for one in submissions:
        first, second = chance.sample(reviewers, count=2)
        days = min(chance.lognormal(median=MEDIAN_DAYS, sigma=SPREAD), LONGEST_DAYS)
        known_at = one.received_at + timedelta(days=days)
        verdicts.append(_verdict(one, rater=first, known_at=known_at, truth=truth, chance=chance))
        if chance.happens(BLIND_SHARE):
            known_at += timedelta(days=chance.uniform(*BLIND_DAYS))
            again = _verdict(one, rater=second, known_at=known_at, truth=truth, chance=chance)
            verdicts.append(again)
    return tuple(sorted(verdicts, key=lambda one: (one.known_at, one.item_id, one.rater)))


def _verdict(
    submission: Submission,
    *,
    rater: Reviewer,
    known_at: datetime,
    truth: Mapping[str, Truth],
    chance: Chance,
) -> PastVerdict:
    item = submission.item
    judged = rater.judge(truth[item.item_id], item=item, shown_probability=None, chance=chance)
    return PastVerdict(
        item_id=item.item_id,
        is_violation=bool(judged.found),
        found=judged.found,
        known_at=known_at.replace(microsecond=0),
        rater=rater.id,
        active_seconds=judged.active_seconds,
    )
