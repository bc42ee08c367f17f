"""Two exact tests of a promise: at most alpha of the cases, and of the money, is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm

from models.columns import Flags, Floats

LARGEST_STAKE = 0.99
"""Below 1, so that no single error can take the whole wealth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be shown: shares of cases and of money, and the chance of being wrong."""

    alpha_cases: float
    alpha_money: float
    delta: float


def zero_error_sample(*, alpha: float, delta: float) -> int:
    """How many faultless cases it takes to promise alpha with confidence 1 - delta."""
    return math.ceil(math.log(delta) / math.log1p(-alpha))


def p_of_cases(violations: int, *, of: int, alpha: float) -> float:
    """How likely so few errors are if the true share were alpha; 1 without any case."""
    return float(binom.cdf(violations, of, alpha)) if of else 1.0


def p_of_money(is_wrong: Flags, *, weight: Floats, stake: float, alpha: float) -> float:
    """Bet item by item that less than alpha of the money is wrong; 1 over the largest wealth.

    `weight` is amount / cap, in [0, 1], in an order that knows no label; `stake` was fixed without
    these items. If alpha or more of the money is wrong, each factor has a mean of at most 1, so
    the wealth reaches 1 / p with a chance of at most p (Ville 1939; Waudby-Smith and Ramdas 2024).
    """
    if len(weight) == 0:
        return 1.0
    wealth = np.cumsum(np.log1p(stake * (alpha - is_wrong) * weight))
    return float(min(1.0, math.exp(-wealth.max())))


def best_stake(squares: Floats, *, target: Target) -> Floats:
    """Give the stake that needs the least evidence, for an expected sum of squared weights."""
    spread = np.maximum(target.alpha_money * squares, np.finfo(np.float64).tiny)
    stake: Floats = np.minimum(np.sqrt(2.0 * math.log(1.0 / target.delta) / spread), LARGEST_STAKE)
    return stake


def power_of_cases(cases: Floats, *, risk: Floats, target: Target) -> Floats:
    """How likely the test of cases succeeds with so many cases at such a risk."""
    count = np.floor(cases)
    most = binom.ppf(target.delta, count, target.alpha_cases)
    most -= binom.cdf(most, count, target.alpha_cases) > target.delta
    power: Floats = np.where(most >= 0, binom.cdf(np.maximum(most, 0), count, risk), 0.0)
    return power


def power_of_money(
    money: Floats, squares: Floats, *, risk: Floats, stake: Floats, target: Target
) -> Floats:
    """How likely the wealth reaches 1 / delta, taking its logarithm for a drifting random walk.

    `money` and `squares` are the expected sums of the weights and of their squares; every fault
    counts as one of the usual weight. An estimate for planning; no promise rests on it.
    """
    goal = math.log(1.0 / target.delta)
    tiny = np.finfo(np.float64).tiny
    usual = np.maximum(squares, tiny) / np.maximum(money, tiny)
    loss = -np.log1p(-stake * usual)
    errors = np.maximum(risk, tiny) * money / usual
    drift = stake * target.alpha_money * money - errors * loss
    spread = np.maximum(np.sqrt(errors) * loss, tiny)
    # The chance that a Brownian motion with drift passes a level within unit time.
    reflected = 2.0 * drift * goal / spread**2 + norm.logcdf((-goal - drift) / spread)
    power: Floats = norm.cdf((drift - goal) / spread) + np.exp(np.minimum(reflected, 0.0))
    return np.minimum(power, 1.0)
