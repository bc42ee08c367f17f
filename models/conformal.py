"""Split-conformal adjustments: quantiles that hold their word on the next item, if it is alike.

Conformalised quantile regression: Romano, Patterson and Candes 2019, arXiv 1905.03222. Raw
quantiles of a boosted model cover far less than they say; one number, taken from items the model
did not learn from, makes up for it.
"""

from __future__ import annotations

import math

import numpy as np

from models.columns import Flags, Floats


def conformal_quantile(scores: Floats, *, coverage: float) -> float:
    """Give the bound that a further score, exchangeable with these, keeps with `coverage`.

    The ceil((n + 1) * coverage)-th smallest score, infinite where n is too small to tell.
    """
    rank = math.ceil((len(scores) + 1) * coverage - 1e-9)
    if rank > len(scores):
        return math.inf
    return float(np.partition(scores, max(rank, 1) - 1)[max(rank, 1) - 1])


def one_sided_scores(predicted: Floats, *, actual: Floats) -> Floats:
    """How far each outcome lies above its predicted upper quantile; below it is negative."""
    return actual - predicted


def two_sided_scores(low: Floats, high: Floats, *, actual: Floats) -> Floats:
    """How far each outcome lies outside its interval; inside it is negative."""
    scores: Floats = np.maximum(low - actual, actual - high)
    return scores


def widened(low: Floats, high: Floats, *, by: float | Floats) -> tuple[Floats, Floats]:
    """Move both ends of intervals outwards; a negative number narrows them, never past the middle.

    An interval that would turn inside out shrinks to its middle, and covers no less for it.
    """
    middle = (low + high) / 2.0
    return np.minimum(low - by, middle), np.maximum(high + by, middle)


def rolling_quantiles(
    scores: Floats, *, known: Floats, at: Floats, last: int, coverage: float
) -> Floats:
    """Give the bound at each moment from the latest `last` scores known strictly before it.

    `known` says when each score came to be known, in the unit of `at`. A moment before enough
    scores are known has an infinite bound.
    """
    order = np.argsort(known, kind="stable")
    by_time = scores[order]
    ends = np.searchsorted(known[order], at, side="left")
    bounds = {
        int(end): conformal_quantile(by_time[max(0, end - last) : end], coverage=coverage)
        for end in np.unique(ends)
    }
    return np.array([bounds[int(end)] for end in ends], dtype=np.float64)


def covered(low: Floats, high: Floats, *, actual: Floats) -> Flags:
    """Say which outcomes their intervals hold."""
    inside: Flags = (low <= actual) & (actual <= high)
    return inside
