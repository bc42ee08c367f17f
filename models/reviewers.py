"""How often reviewers err, by kind of item: from double reviews and audits, shrunk.

A few double reviews say little; each kind leans on all kinds, and all kinds on what is known of
the field, until there are enough of them to stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from data.schemas.values import Probability, Record
from models.columns import Flags, Floats, Ints, Strings

FIELD_ERROR = 0.05
"""What studies of manual review report at the lower end (5-10 %)."""
FIELD_REVIEWS, KIND_REVIEWS = 20.0, 40.0
"""How many reviews the field's figure is worth, and how many that of all kinds is worth to one."""
CONFIDENCE = 0.95
ALL = "all"
UNSETTLED = -1


class ReviewerError(Record):
    """The share of reviews that are wrong, with the interval in which it lies."""

    share: Probability
    low: Probability
    high: Probability
    reviews: float
    """Reviews that could be judged; one whose pair was never settled counts half an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReviews:
    """Reviews that can be judged, in groups: kind, how many, and how many of them were wrong."""

    kind: Strings
    reviews: Floats
    wrong: Floats


def pairs_checked(
    kind: Strings, *, is_first_yes: Flags, is_second_yes: Flags, settled: Ints
) -> CheckedReviews:
    """Judge blind pairs: against what a third settled, else a pair that differs has one error.

    `settled` is 0 or 1, or UNSETTLED. Two reviewers who err alike are not seen in an unsettled
    pair, so the estimate is a lower bound there.
    """
    answer = settled.astype(np.bool_)
    against_settled = (is_first_yes != answer).astype(np.float64) + (is_second_yes != answer)
    differing = (is_first_yes != is_second_yes).astype(np.float64)
    return CheckedReviews(
        kind=kind,
        reviews=np.full(len(kind), 2.0),
        wrong=np.where(settled == UNSETTLED, differing, against_settled),
    )


def errors_by_kind(checked: CheckedReviews) -> dict[str, ReviewerError]:
    """Give the error of every kind that was checked, and of `all`; intervals hold 95 %.

    The mean of a Beta posterior: `all` starts at the field's figure, a kind at that of `all`.
    """
    overall = _estimate(
        wrong=float(checked.wrong.sum()),
        reviews=float(checked.reviews.sum()),
        prior=FIELD_ERROR,
        worth=FIELD_REVIEWS,
    )
    errors = {ALL: overall}
    for name in sorted(set(checked.kind.tolist())):
        rows = checked.kind == name
        errors[str(name)] = _estimate(
            wrong=float(checked.wrong[rows].sum()),
            reviews=float(checked.reviews[rows].sum()),
            prior=overall.share,
            worth=KIND_REVIEWS,
        )
    return errors


def _estimate(*, wrong: float, reviews: float, prior: float, worth: float) -> ReviewerError:
    a = wrong + prior * worth
    b = reviews - wrong + (1.0 - prior) * worth
    tail = (1.0 - CONFIDENCE) / 2.0
    return ReviewerError(
        share=a / (a + b),
        low=float(beta.ppf(tail, a, b)),
        high=float(beta.ppf(1.0 - tail, a, b)),
        reviews=reviews,
    )
