"""A world of scores, amounts and verdicts whose true risks are known, to test promises in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.stats import norm

from models.certificate import limit_factor
from models.columns import Floats
from models.scored_slice import ScoredSlice

CAP_QUANTILE = 0.9
CELLS = 400
"""Quantiles of the signal, and of the amount, over which true risks are summed."""


@dataclass(frozen=True)
class ScoreWorld:
    """Scores follow a normal signal, amounts are lognormal, and large ones hide more faults.

    As it stands 8.9 % of the items are wrong and the score's AUC is 0.84. The score knows nothing
    of `hidden_slope`, so money is wrong more often than cases are.
    """

    level: float = -3.1885
    slope: float = 1.573
    hidden_slope: float = 0.2
    amount_spread: float = 1.0

    @property
    def cap(self) -> float:
        """The amount above which nothing is cleared."""
        return float(np.exp(self.amount_spread * norm.ppf(CAP_QUANTILE)))

    def draw(self, count: int, *, generator: np.random.Generator, name: str) -> ScoredSlice:
        """Draw items; each is wrong with its true probability."""
        signal, size = generator.normal(size=(2, count))
        return ScoredSlice(
            item_id=tuple(f"{name}-{number}" for number in range(count)),
            segment=("all",) * count,
            score=self._score(signal),
            amount=np.exp(self.amount_spread * size),
            is_violation=generator.uniform(size=count) < self._truth(signal, size),
            propensity=np.ones(count),
            era=("one",) * count,
        )

    def true_risks(self, threshold: float, *, power: float, scale: float) -> TrueRisks:
        """Give the true risks of clearing below a certificate's limit, within the cap."""
        factor = limit_factor(self._amount, power=power, scale=scale, cap=self.cap)
        limits = np.minimum(threshold * factor, 1.0)
        inside = self._amount <= self.cap
        rows = np.searchsorted(self._score(self._signal), limits, side="right")
        picked = rows[inside], np.flatnonzero(inside)
        wrong, amount = self._wrong[picked], self._amount[inside]
        cases, money = float(rows[inside].sum()), float(rows[inside] @ amount)
        return TrueRisks(
            share=cases / CELLS**2,
            cases=float(wrong.sum()) / cases if cases else 0.0,
            money=float(wrong @ amount) / money if money else 0.0,
        )

    def best_share(self, alpha: float) -> float:
        """Give the share of cases that one threshold may clear when the truth is known."""
        risks = [
            self.true_risks(threshold, power=0.0, scale=1.0)
            for threshold in self._score(self._signal).tolist()
        ]
        return max((one.share for one in risks if one.worst <= alpha), default=0.0)

    @cached_property
    def _signal(self) -> Floats:
        signal: Floats = norm.ppf((np.arange(CELLS) + 0.5) / CELLS)
        return signal

    @cached_property
    def _amount(self) -> Floats:
        amount: Floats = np.exp(self.amount_spread * self._signal)
        return amount

    @cached_property
    def _wrong(self) -> Floats:
        """Sums of the true probabilities, from the lowest signal up, for each amount."""
        truth = self._truth(self._signal[:, None], self._signal[None, :])
        return np.vstack([np.zeros(CELLS), np.cumsum(truth, axis=0)])

    def _score(self, signal: Floats) -> Floats:
        return _sigmoid(self.level + self.slope * signal)

    def _truth(self, signal: Floats, size: Floats) -> Floats:
        return _sigmoid(self.level + self.slope * signal + self.hidden_slope * size)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueRisks:
    """What clearing a set of items would truly come to."""

    share: float
    """Of all cases, those above the cap included."""
    cases: float
    money: float

    @property
    def worst(self) -> float:
        """The larger of the two risks."""
        return max(self.cases, self.money)


NOTHING_CLEARED = TrueRisks(share=0.0, cases=0.0, money=0.0)


def overlook(
    items: ScoredSlice, *, miss_rate: float, generator: np.random.Generator
) -> ScoredSlice:
    """Give the items with the verdicts of reviewers who overlook a share of the faults."""
    is_seen = generator.uniform(size=len(items)) >= miss_rate
    return replace(items, is_violation=items.is_violation & is_seen)


def _sigmoid(margin: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-margin))
    return result
