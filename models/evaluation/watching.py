"""How soon the watch over a promise raises an alarm, and how often for nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.audits import audit_propensity
from models.columns import Flags, Floats
from models.evaluation.firm_of_scores import ScoreWorld
from models.watch import STAKES, WatchSettings, watch_settings

ALPHA = 0.02
DELTA = 0.05
CLEARS = 20_000
AUDIT_SHARE = 0.05
RISKS = (0.02, 0.03, 0.04, 0.06)
"""True shares of wrong cases and of wrong money; at the first, the promise is just kept."""
DESIGNS = {"flat": 0.0, "by money": AUDIT_SHARE}
"""How audits are drawn, with the share in proportion to the money."""
FLOOR_BY_MONEY = 0.02
"""Chance of a check that every case keeps when most checks go by money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFigures:
    """What the watch did in many runs of so many cleared items."""

    design: str
    risk: float
    runs: int
    clears: int
    alarms: float
    """Share of runs with an alarm; where the promise is kept, all of them false."""
    median_audits: float | None
    """Checks until the alarm, in the runs that had one."""
    median_clears: float | None


def simulate_watch(*, runs: int = 200, clears: int = CLEARS) -> tuple[WatchFigures, ...]:
    """Clear items at each true risk, check them as designed, and wait for the alarm."""
    return tuple(
        _figures(design, risk, runs=runs, clears=clears) for design in DESIGNS for risk in RISKS
    )


def first_alarm(
    is_wrong: Flags, *, amount: Floats, propensity: Floats, settings: WatchSettings
) -> int | None:
    """Say at which audit the alarm comes, None if it never does; the same bets as `follow`."""
    cases = (is_wrong - settings.alpha_cases) / settings.alpha_cases
    money = (is_wrong - settings.alpha_money) / settings.alpha_money
    wealth = np.maximum(
        _wealth(cases / (propensity * settings.cases_bound)),
        _wealth(money * amount / (propensity * settings.money_bound)),
    )
    alarms = np.flatnonzero(wealth >= settings.wealth_for_alarm)
    return int(alarms[0]) if len(alarms) else None


def _wealth(gain: Floats) -> Floats:
    stakes = np.array(STAKES)[:, None]
    paths = np.exp(np.minimum(np.cumsum(np.log1p(stakes * gain[None, :]), axis=1), 500.0))
    wealth: Floats = paths.mean(axis=0)
    return wealth


def _figures(design: str, risk: float, *, runs: int, clears: int) -> WatchFigures:
    found = [_one_run(design, risk, seed=seed, clears=clears) for seed in range(runs)]
    alarms = [one for one in found if one is not None]
    return WatchFigures(
        design=design,
        risk=risk,
        runs=runs,
        clears=clears,
        alarms=len(alarms) / runs,
        median_audits=float(np.median([one[0] for one in alarms])) if alarms else None,
        median_clears=float(np.median([one[1] for one in alarms])) if alarms else None,
    )


def _one_run(design: str, risk: float, *, seed: int, clears: int) -> tuple[int, int] | None:
    """Give the audits and the clears up to the alarm."""
    cap = ScoreWorld().cap
    generator = np.random.default_rng([seed, clears])
    drawn = np.exp(generator.normal(size=2 * clears))
    amount = drawn[drawn <= cap][:clears]
    by_money = DESIGNS[design]
    floor = FLOOR_BY_MONEY if by_money else AUDIT_SHARE
    propensity = audit_propensity(
        amount, mean_amount=float(amount.mean()), rho_cases=floor, rho_money=by_money
    )
    # What is wrong depends on nothing a check could see: cases and money are at the same risk.
    is_wrong = generator.uniform(size=clears) < risk
    audited = np.flatnonzero(generator.uniform(size=clears) < propensity)
    at = first_alarm(
        is_wrong[audited],
        amount=amount[audited],
        propensity=propensity[audited],
        settings=watch_settings(
            alpha_cases=ALPHA,
            alpha_money=ALPHA,
            delta=DELTA,
            cap_reporting_minor=cap,
            audit_share=floor,
            audit_money_share=by_money,
            mean_amount_reporting_minor=float(amount.mean()),
        ),
    )
    return None if at is None else (at + 1, int(audited[at]) + 1)
