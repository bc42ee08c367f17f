"""Thresholds with a promise: fixed-sequence tests in cases and in money, segment by segment.

Learn-then-test with exact binomial tails; money by probability-proportional-to-size thinning.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import numpy as np
from pydantic import Field
from scipy.stats import binom

from data.schemas.values import Name, Probability, Record
from models.certificate import Certificate, Provenance, TestStep
from models.columns import Flags, Floats
from models.segments import POOLED
from models.thinning import uniforms

POOL_FACTOR = 2.0
"""A segment that draws fewer than this many zero-error samples is pooled."""


class CertifySettings(Record):
    """What is promised, and how carefully."""

    alpha_cases: Probability = 0.05
    alpha_money: Probability = 0.05
    delta: Probability = 0.05
    margin: Probability = 0.6
    reviewer_miss_rate: Probability = 0.05
    cap_quantile: Probability = 0.9
    grid_step: Probability = 0.05
    start_factor: Annotated[float, Field(ge=1.0)] = 2.5
    """How many zero-error samples the first test must see; a stricter start had no power."""
    salt: Name = "countersign"
    valid_days: int = 30
    valid_clears: int = 2_000

    @property
    def strictness(self) -> float:
        """The factor on alpha: the drift margin, or the reviewers' misses if they are worse."""
        return min(self.margin, 1.0 - self.reviewer_miss_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSlice:
    """Items no rule had proved, with their score; amounts in reporting minor units."""

    item_id: tuple[str, ...]
    segment: tuple[str, ...]
    score: Floats
    amount: Floats
    is_violation: Flags
    propensity: Floats
    era: tuple[str, ...]
    """The bundle that routed the item: propensities are comparable within one era only."""

    def __len__(self) -> int:
        return len(self.score)

    def take(self, rows: Flags) -> ScoredSlice:
        """Give the rows of a mask."""
        where = np.flatnonzero(rows).tolist()
        return ScoredSlice(
            item_id=tuple(self.item_id[i] for i in where),
            segment=tuple(self.segment[i] for i in where),
            score=self.score[rows],
            amount=self.amount[rows],
            is_violation=self.is_violation[rows],
            propensity=self.propensity[rows],
            era=tuple(self.era[i] for i in where),
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
    4. Fix the grid of thresholds on the tune slice.
    5. Test from the strictest with power to the loosest; stop at the first failure.
    """
    # 1
    tune = tune.take(tune.amount <= cap)
    calibrate = calibrate.take(calibrate.amount <= cap)
    # 2
    calibrate = calibrate.take(_uniform_sample(calibrate, salt=settings.salt))
    drawn = uniforms(calibrate.item_id, salt=f"{settings.salt}.money") < calibrate.amount / cap
    # 3
    groups = _pool(calibrate.segment, drawn=drawn, settings=settings)
    return tuple(
        _certify_group(
            name,
            members=members,
            tune=tune.take(np.isin(np.array(tune.segment, dtype=object), members)),
            calibrate=calibrate.take(_in_segments(calibrate, members)),
            drawn=drawn[_in_segments(calibrate, members)],
            cap=cap,
            settings=settings,
            provenance=provenance,
        )
        for name, members in groups.items()
    )


def zero_error_sample(*, alpha: float, delta: float) -> int:
    """How many faultless cases it takes to promise alpha with confidence 1 - delta."""
    return math.ceil(math.log(delta) / math.log1p(-alpha))


def _certify_group(
    name: str,
    *,
    members: tuple[str, ...],
    tune: ScoredSlice,
    calibrate: ScoredSlice,
    drawn: Flags,
    cap: float,
    settings: CertifySettings,
    provenance: Provenance,
) -> Certificate:
    # 4
    start = _start_quantile(tune, sample=len(calibrate), cap=cap, settings=settings)
    grid = _grid(tune.score, start=start, step=settings.grid_step)
    # 5
    steps = _fixed_sequence(calibrate, drawn=drawn, grid=grid, settings=settings)
    passed = [step.threshold for step in steps if _passes(step, delta=settings.delta)]
    threshold = passed[-1] if passed else None
    cleared = calibrate.score <= threshold if threshold is not None else calibrate.score < 0
    return Certificate(
        segment=name,
        members=members,
        threshold=threshold,
        alpha_cases=settings.alpha_cases,
        alpha_money=settings.alpha_money,
        delta=settings.delta,
        margin=settings.strictness,
        reviewer_miss_rate=settings.reviewer_miss_rate,
        cap_reporting_minor=cap,
        start_quantile=start,
        grid=grid,
        salt=settings.salt,
        steps=steps,
        share_of_cases=float(np.mean(cleared)) if len(calibrate) else 0.0,
        share_of_money=_money_share(calibrate.amount, cleared=cleared),
        expires_at=provenance.certified_at + timedelta(days=settings.valid_days),
        expires_after_clears=settings.valid_clears,
        provenance=provenance,
    )


def _uniform_sample(calibrate: ScoredSlice, *, salt: str) -> Flags:
    """Keep each item with its era's smallest propensity over its own: then all count alike."""
    era = np.array(calibrate.era, dtype=object)
    keep = np.ones(len(calibrate))
    for name in set(calibrate.era):
        rows = era == name
        keep[rows] = calibrate.propensity[rows].min() / calibrate.propensity[rows]
    sample: Flags = uniforms(calibrate.item_id, salt=f"{salt}.uniform") < keep
    return sample


def _pool(
    segments: Sequence[str], *, drawn: Flags, settings: CertifySettings
) -> dict[str, tuple[str, ...]]:
    alpha = settings.strictness * settings.alpha_money
    needed = POOL_FACTOR * zero_error_sample(alpha=alpha, delta=settings.delta)
    counts: dict[str, int] = dict.fromkeys(sorted(set(segments)), 0)
    for segment, is_drawn in zip(segments, drawn.tolist(), strict=True):
        counts[segment] += is_drawn
    large: dict[str, tuple[str, ...]] = {
        segment: (segment,) for segment, count in counts.items() if count >= needed
    }
    small = tuple(segment for segment, count in counts.items() if count < needed)
    return {**large, POOLED: small} if small else large


def _start_quantile(
    tune: ScoredSlice, *, sample: int, cap: float, settings: CertifySettings
) -> float:
    alpha = settings.strictness * settings.alpha_money
    needed = settings.start_factor * zero_error_sample(alpha=alpha, delta=settings.delta)
    money_share = float(np.mean(tune.amount / cap)) if len(tune) else 0.0
    expected = sample * money_share
    return min(1.0, needed / expected) if expected > 0 else 1.0


def _grid(scores: Floats, *, start: float, step: float) -> tuple[float, ...]:
    if len(scores) == 0:
        return ()
    first = math.ceil(start / step - 1e-9)
    quantiles = [min(1.0, number * step) for number in range(first, round(1 / step) + 1)]
    return tuple(sorted({float(np.quantile(scores, q, method="higher")) for q in quantiles}))


def _fixed_sequence(
    calibrate: ScoredSlice, *, drawn: Flags, grid: tuple[float, ...], settings: CertifySettings
) -> tuple[TestStep, ...]:
    steps: list[TestStep] = []
    for threshold in grid:
        step = _test(calibrate, drawn=drawn, threshold=threshold, settings=settings)
        steps.append(step)
        if not _passes(step, delta=settings.delta):
            break
    return tuple(steps)


def _test(
    calibrate: ScoredSlice, *, drawn: Flags, threshold: float, settings: CertifySettings
) -> TestStep:
    selected = calibrate.score <= threshold
    cases, violations = int(selected.sum()), int(calibrate.is_violation[selected].sum())
    both = selected & drawn
    cases_drawn, violations_drawn = int(both.sum()), int(calibrate.is_violation[both].sum())
    return TestStep(
        threshold=threshold,
        cases=cases,
        violations=violations,
        cases_drawn=cases_drawn,
        violations_drawn=violations_drawn,
        p_cases=_tail(violations, of=cases, alpha=settings.strictness * settings.alpha_cases),
        p_money=_tail(
            violations_drawn, of=cases_drawn, alpha=settings.strictness * settings.alpha_money
        ),
    )


def _tail(violations: int, *, of: int, alpha: float) -> float:
    """How likely so few errors are if the true share were alpha; 1 without any case."""
    return float(binom.cdf(violations, of, alpha)) if of else 1.0


def _passes(step: TestStep, *, delta: float) -> bool:
    # Both promises must hold, and each alone would have to fail: no split of delta is needed.
    return max(step.p_cases, step.p_money) <= delta


def _in_segments(rows: ScoredSlice, members: tuple[str, ...]) -> Flags:
    return np.isin(np.array(rows.segment, dtype=object), members)


def _money_share(amount: Floats, *, cleared: Flags) -> float:
    total = float(amount.sum())
    return float(amount[cleared].sum()) / total if total else 0.0
