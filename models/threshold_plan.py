"""Which thresholds to test, in which order: fixed on the tune slice, before any calibrate label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.certificate import limit_factor
from models.columns import Flags, Floats
from models.risk_tests import Target, best_stake, power_of_cases, power_of_money

AMOUNT_POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much surer the model must be of larger amounts; 0 treats all amounts alike."""
SCORE_ERRORS = 10.0
"""So many errors of the tune slice weigh as much as what its scores say of a risk."""
WORSE = 1.25
"""The first set is the one with most power if the tune slice understates risks by this factor."""
CANDIDATES_STEP = 0.02
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSlice:
    """Scores, amounts and verdicts that no test of a certificate looks at."""

    score: Floats
    amount: Floats
    is_violation: Flags

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Nested sets of items, the strictest first, and the stake to bet on each."""

    amount_power: float
    amount_scale: float
    start_quantile: float
    """Share of the tune slice in the strictest set."""
    grid: tuple[float, ...] = ()
    stakes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Expected sums over the nested sets of one family, in a calibrate slice of the given size."""

    share: Floats
    cases: Floats
    money: Floats
    squares: Floats
    risk_cases: Floats
    risk_money: Floats


def plan_thresholds(
    tune: TuneSlice, *, sample: int, cap: float, step: float, target: Target
) -> Plan:
    """Choose a family of sets and start where the tests have the most power.

    For each power of the amount, the tune slice says how likely each set is to pass; the family
    that clears most cases on average is taken. `sample` is the size of the calibrate slice.
    """
    scale = float(np.mean(tune.amount)) if len(tune) else 0.0
    if len(tune) == 0 or scale <= 0:
        return Plan(amount_power=0.0, amount_scale=1.0, start_quantile=1.0)
    chosen = max(
        (_family(tune, power, scale=scale, sample=sample, cap=cap, target=target)
         for power in AMOUNT_POWERS),
        key=lambda family: family.expected_share,
    )  # fmt: skip
    shares = np.arange(chosen.start, 1.0 + step - ROUNDING, step)
    return _plan(tune, chosen.power, shares, scale=scale, sample=sample, cap=cap, target=target)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    power: float
    start: float
    expected_share: float


def _family(
    tune: TuneSlice, power: float, *, scale: float, sample: int, cap: float, target: Target
) -> _Family:
    strict = tune.score / limit_factor(tune.amount, power=power, scale=scale, cap=cap)
    shares = np.arange(CANDIDATES_STEP, 1.0 + ROUNDING, CANDIDATES_STEP)
    sums = _sums(tune, order=np.argsort(strict, kind="stable"), shares=shares, sample=sample,
                 cap=cap)  # fmt: skip
    passes, if_worse = (
        _power(sums, worse=1.0, target=target),
        _power(sums, worse=WORSE, target=target),
    )
    start = int(np.flatnonzero(if_worse >= if_worse.max())[-1])
    # All earlier sets must have passed too: the chance never rises along the sequence.
    reached = np.minimum.accumulate(passes[start:])
    gained = np.diff(sums.share[start:], prepend=0.0)
    return _Family(
        power=power, start=float(sums.share[start]), expected_share=float(gained @ reached)
    )


def _power(sums: _Sums, *, worse: float, target: Target) -> Floats:
    """How likely each set passes if its risks are so many times what the tune slice tells."""
    power: Floats = np.minimum(
        power_of_cases(sums.cases, risk=np.minimum(worse * sums.risk_cases, 1.0), target=target),
        power_of_money(
            sums.money,
            sums.squares,
            risk=np.minimum(worse * sums.risk_money, 1.0),
            stake=best_stake(sums.squares, target=target),
            target=target,
        ),
    )
    return power


def _plan(
    tune: TuneSlice,
    power: float,
    shares: Floats,
    *,
    scale: float,
    sample: int,
    cap: float,
    target: Target,
) -> Plan:
    strict = tune.score / limit_factor(tune.amount, power=power, scale=scale, cap=cap)
    grid = np.unique(np.quantile(strict, np.minimum(shares, 1.0), method="higher"))
    weight = tune.amount / cap
    squares = np.array([np.sum(weight[strict <= threshold] ** 2) for threshold in grid])
    stakes = best_stake(squares * (sample / len(tune)), target=target)
    return Plan(
        amount_power=power,
        amount_scale=scale,
        start_quantile=float(np.mean(strict <= grid[0])),
        grid=tuple(grid.tolist()),
        stakes=tuple(stakes.tolist()),
    )


def _sums(tune: TuneSlice, *, order: np.ndarray, shares: Floats, sample: int, cap: float) -> _Sums:
    count = len(tune)
    # The scores may be too low or too high as a whole; one factor brings them to the verdicts.
    level = (float(tune.is_violation.sum()) + 1.0) / (float(tune.score.sum()) + 1.0)
    weight = tune.amount / cap
    last = np.unique(np.ceil(shares * count - ROUNDING).astype(np.int64)) - 1

    def added(column: Floats) -> Floats:
        total: Floats = np.cumsum(column[order])[last]
        return total

    cases: Floats = (last + 1).astype(np.float64)
    money = added(weight)
    return _Sums(
        share=cases / count,
        cases=cases / count * sample,
        money=money / count * sample,
        squares=added(weight**2) / count * sample,
        risk_cases=_risk(
            added(tune.is_violation.astype(np.float64)), of=cases, told=level * added(tune.score)
        ),
        risk_money=_risk(
            added(tune.is_violation * weight), of=money, told=level * added(tune.score * weight)
        ),
    )


def _risk(wrong: Floats, *, of: Floats, told: Floats) -> Floats:
    """Give the mean of a gamma prior at what the scores tell, after the errors seen."""
    prior = of / np.maximum(told, np.finfo(np.float64).tiny) * SCORE_ERRORS
    risk: Floats = (wrong + SCORE_ERRORS) / (of + prior)
    return np.minimum(risk, 1.0)
