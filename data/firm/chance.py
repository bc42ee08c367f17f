"""Seeded chance: one stream for each part, so that a change in one does not reshuffle others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
T = TypeVar("T")

PARTS = (
    "world", "staffing", "work", "habits", "planting", "terms", "approvals", "hidden",
    "milestones", "delays", "billing", "verdicts", "expenses", "papers",
    "attrition", "write_offs", "disputes", "pipeline", "drift", "clients", "doubles", "orders",
)  # fmt: skip
"""A part's place is its seed: add new parts at the end."""


class Chance:
    """The stream of one part of the firm: equal seed and part give equal draws."""

    __slots__ = ("_rng",)

    def __init__(self, part: str, *, seed: int) -> None:
        self._rng = np.random.default_rng(np.random.SeedSequence([seed, PARTS.index(part)]))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each equally likely."""
        return options[int(self._rng.integers(len(options)))]

    def weighted(self, options: Sequence[T], *, weights: Sequence[float]) -> T:
        """One of the options, in proportion to its weight."""
        mark = self._rng.random() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            mark -= weight
            if mark < 0:
                return option
        return options[-1]

    def sample(self, options: Sequence[T], *, count: int) -> list[T]:
        """Up to `count` different options, in drawn order."""
        order = self._rng.permutation(len(options))[:count]
        return [options[int(index)] for index in order]

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return bool(self._rng.random() < probability)

    def each_happens(self, probabilities: Floats) -> Flags:
        """True with each of these probabilities, in an array of the same shape."""
        flags: Flags = self._rng.random(probabilities.shape) < probabilities
        return flags

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self._rng.integers(low, high + 1))

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` to below `high`."""
        return float(self._rng.uniform(low, high))

    def lognormal(self, *, median: float, sigma: float) -> float:
        """A positive number with a long upper tail."""
        return float(median * math.exp(sigma * self._rng.standard_normal()))

    def beta(self, a: float, b: float) -> float:
        """A number between zero and one."""
        return float(self._rng.beta(a, b))


def logistic(log_odds: float) -> float:
    """The probability behind these log-odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))
