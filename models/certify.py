"""Thresholds with a promise: fixed-sequence tests in cases and in money, segment by segment.

Learn-then-test (Angelopoulos, Bates, Candes, Jordan and Lei 2025): nested sets of items are tested
in an order fixed beforehand, each at the whole delta; the first set whose risk is above alpha is
accepted with a chance of at most delta, and nothing after the first failure is accepted. Both the
test of cases and the test of money (models/risk_tests.py) must succeed, and each alone would have
to fail: no split of delta is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import numpy as np
from pydantic import Field

from data.schemas.values import Name, Probability, Record
from models.certificate import Certificate, Provenance, TestStep, limit_factor
from models.columns import Flags, Floats
from models.risk_tests import Target, p_of_cases, p_of_money, zero_error_sample
from models.scored_slice import ScoredSlice, countable
from models.segments import POOLED
from models.threshold_plan import Plan, TuneSlice, plan_thresholds

POOL_FACTOR = 2.0
"""A segment worth fewer than this many zero-error samples, in money, is pooled."""


class CertifySettings(Record):
    """What is promised, and how carefully."""

    alpha_cases: Probability = 0.05
    alpha_money: Probability = 0.05
    delta: Probability = 0.05
    margin: Probability = 0.6
    reviewer_miss_rate: Probability = 0.05
    cap_quantile: Probability = 0.9
    grid_step: Annotated[float, Field(gt=0, le=1)] = 0.03
    """Share of the tune slice by which each set is larger than the one before."""
    salt: Name = "countersign"
    valid_days: int = 30
    valid_clears: int = 2_000

    @property
    def strictness(self) -> float:
        """The factor on alpha: the drift margin, or the reviewers' misses if they are worse."""
        return min(self.margin, 1.0 - self.reviewer_miss_rate)

    @property
    def target(self) -> Target:
        """What the tests must show."""
        return Target(
            alpha_cases=self.strictness * self.alpha_cases,
            alpha_money=self.strictness * self.alpha_money,
            delta=self.delta,
        )


def certify(
    *,
    tune: ScoredSlice,
    calibrate: ScoredSlice,
    cap: float,
    settings: CertifySettings,
    provenance: Provenance,
) -> tuple[Certificate, ...]:
    """Give a certificate for each segment, granted or not.

    1. Keep what policy may clear at all: amounts up to the cap.
    2. Thin to a uniform sample, where past routing had sent some items to people more often.
    3. Pool segments too small to be tested; this looks at sizes, never at labels.
    4. Plan thresholds and stakes on the tune slice.
    5. Test from the strictest set with power to the loosest; stop at the first failure.
    """
    # 1, 2
    sample = countable(calibrate, cap=cap, salt=settings.salt)
    return certify_sample(
        tune=tune, sample=sample, cap=cap, settings=settings, provenance=provenance
    )


def certify_sample(
    *,
    tune: ScoredSlice,
    sample: ScoredSlice,
    cap: float,
    settings: CertifySettings,
    provenance: Provenance,
) -> tuple[Certificate, ...]:
    """Do all but the first two steps of `certify`, on a sample that `countable` gave."""
    tune = tune.take(tune.amount <= cap)
    # 3
    groups = _pool(sample.segment, worth=sample.amount / cap, settings=settings)
    return tuple(
        _certify_group(
            name,
            members=members,
            tune=tune.in_segments(members),
            calibrate=sample.in_segments(members),
            cap=cap,
            settings=settings,
            provenance=provenance,
        )
        for name, members in groups.items()
    )


def run_sequence(
    calibrate: ScoredSlice, *, plan: Plan, cap: float, target: Target
) -> tuple[TestStep, ...]:
    """Test set after set, in the order of the plan, up to the first that fails."""
    factor = limit_factor(
        calibrate.amount, power=plan.amount_power, scale=plan.amount_scale, cap=cap
    )
    steps: list[TestStep] = []
    for threshold, stake in zip(plan.grid, plan.stakes, strict=True):
        selected = calibrate.score <= np.minimum(threshold * factor, 1.0)
        step = _test(calibrate, selected, threshold, stake=stake, cap=cap, target=target)
        steps.append(step)
        if not passes(step, delta=target.delta):
            break
    return tuple(steps)


def passes(step: TestStep, *, delta: float) -> bool:
    """Whether a set was shown to keep the promise, in cases and in money."""
    return max(step.p_cases, step.p_money) <= delta


def _certify_group(
    name: str,
    *,
    members: tuple[str, ...],
    tune: ScoredSlice,
    calibrate: ScoredSlice,
    cap: float,
    settings: CertifySettings,
    provenance: Provenance,
) -> Certificate:
    # 4
    seen = TuneSlice(score=tune.score, amount=tune.amount, is_violation=tune.is_violation)
    plan = plan_thresholds(
        seen, sample=len(calibrate), cap=cap, step=settings.grid_step, target=settings.target
    )
    # 5
    steps = run_sequence(calibrate, plan=plan, cap=cap, target=settings.target)
    passed = [step.threshold for step in steps if passes(step, delta=settings.delta)]
    ungranted = Certificate(
        segment=name,
        members=members,
        threshold=passed[-1] if passed else None,
        amount_power=plan.amount_power,
        amount_scale=plan.amount_scale,
        alpha_cases=settings.alpha_cases,
        alpha_money=settings.alpha_money,
        delta=settings.delta,
        margin=settings.strictness,
        reviewer_miss_rate=settings.reviewer_miss_rate,
        cap_reporting_minor=cap,
        start_quantile=plan.start_quantile,
        grid=plan.grid,
        stakes=plan.stakes,
        salt=settings.salt,
        steps=steps,
        share_of_cases=0.0,
        share_of_money=0.0,
        expires_at=provenance.certified_at + timedelta(days=settings.valid_days),
        expires_after_clears=settings.valid_clears,
        provenance=provenance,
    )
    cleared = ungranted.clears(calibrate.score, amount=calibrate.amount)
    return ungranted.model_copy(
        update={
            "share_of_cases": float(np.mean(cleared)) if len(calibrate) else 0.0,
            "share_of_money": _money_share(calibrate.amount, cleared=cleared),
        }
    )


def _pool(
    segments: Sequence[str], *, worth: Floats, settings: CertifySettings
) -> dict[str, tuple[str, ...]]:
    needed = POOL_FACTOR * zero_error_sample(
        alpha=settings.target.alpha_money, delta=settings.delta
    )
    total: dict[str, float] = dict.fromkeys(sorted(set(segments)), 0.0)
    for segment, share_of_cap in zip(segments, worth.tolist(), strict=True):
        total[segment] += share_of_cap
    large: dict[str, tuple[str, ...]] = {
        segment: (segment,) for segment, amount in total.items() if amount >= needed
    }
    small = tuple(segment for segment, amount in total.items() if amount < needed)
    return {**large, POOLED: small} if small else large


def _test(
    calibrate: ScoredSlice,
    selected: Flags,
    threshold: float,
    *,
    stake: float,
    cap: float,
    target: Target,
) -> TestStep:
    amount, is_wrong = calibrate.amount[selected], calibrate.is_violation[selected]
    cases, violations = len(amount), int(is_wrong.sum())
    return TestStep(
        threshold=threshold,
        stake=stake,
        cases=cases,
        violations=violations,
        amount_reporting_minor=float(amount.sum()),
        wrong_reporting_minor=float(amount[is_wrong].sum()),
        p_cases=p_of_cases(violations, of=cases, alpha=target.alpha_cases),
        p_money=p_of_money(is_wrong, weight=amount / cap, stake=stake, alpha=target.alpha_money),
    )


def _money_share(amount: Floats, *, cleared: Flags) -> float:
    total = float(amount.sum())
    return float(amount[cleared].sum()) / total if total else 0.0
