"""Whether a candidate may replace the champion: every check by name, and the reason of each no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import binom

from models.calibration import log_loss
from models.columns import Floats
from training.dataset import RiskTable
from training.evaluate import Cleared

FEWEST_FIT_ROWS, FEWEST_FIT_POSITIVES = 300, 20
FEWEST_TEST_ROWS, FEWEST_TEST_POSITIVES = 100, 8
LOWEST_AUC = 0.6
HIGHEST_ECE = 0.08
RESAMPLES = 400
NOISE_QUANTILE = 0.05
"""A candidate is worse only if 95 % of the resampled test slices say so."""
BROKEN_PROMISE_P = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The candidate may be promoted."""

    checks: tuple[str, ...]
    outcome: Literal["passed"] = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The candidate stays a candidate."""

    reasons: tuple[str, ...]
    outcome: Literal["refused"] = "refused"


Gate = Passed | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadEvidence:
    """What the gate looks at for one head: slices, figures, and both models on the test slice."""

    name: str
    fit: RiskTable
    test: RiskTable
    figures: dict[str, float]
    probability: Floats
    champion_probability: Floats | None
    leaks: Sequence[str]


def judge(
    heads: Sequence[HeadEvidence],
    *,
    cleared: Cleared,
    alpha: float,
    objections: Sequence[str],
    seed: int,
) -> Gate:
    """Say whether a candidate may replace the champion (or be the first).

    `objections` are those of the registry's own validation. The first bundle has no champion to
    compare with and passes on the absolute checks.
    """
    reasons = [*objections]
    for head in heads:
        reasons += _enough_rows(head)
        reasons += [f"{head.name}: {leak} alone tells the outcome" for leak in head.leaks]
        if "auc" in head.figures:
            reasons += _absolute(head)
            reasons += _not_worse(head, seed=seed)
    reasons += _promise_kept(heads[0].test, cleared=cleared, alpha=alpha)
    if reasons:
        return Refused(reasons=tuple(reasons))
    return Passed(checks=("enough rows", "no leaks", "ranking", "calibration", "better than the "
                          "base rate", "not worse than the champion", "promise kept"))  # fmt: skip


def _enough_rows(head: HeadEvidence) -> list[str]:
    counts = (
        ("fit", len(head.fit), FEWEST_FIT_ROWS, "rows"),
        ("fit", int(head.fit.is_positive.sum()), FEWEST_FIT_POSITIVES, "positives"),
        ("test", len(head.test), FEWEST_TEST_ROWS, "rows"),
        ("test", int(head.test.is_positive.sum()), FEWEST_TEST_POSITIVES, "positives"),
    )
    return [
        f"{head.name}: the {part} slice has {count} {what}, fewer than {fewest}"
        for part, count, fewest, what in counts
        if count < fewest
    ]


def _absolute(head: HeadEvidence) -> list[str]:
    figures, reasons = head.figures, []
    if figures["auc"] < LOWEST_AUC:
        reasons.append(f"{head.name}: AUC {figures['auc']:.3f} is below {LOWEST_AUC}")
    if figures["ece"] > HIGHEST_ECE:
        reasons.append(
            f"{head.name}: calibration error {figures['ece']:.3f} is above {HIGHEST_ECE}"
        )
    if figures["log_loss"] >= figures["base_log_loss"]:
        reasons.append(f"{head.name}: log-loss is no better than that of the base rate")
    return reasons


def _not_worse(head: HeadEvidence, *, seed: int) -> list[str]:
    if head.champion_probability is None:
        return []
    gap = _surely_worse_by(
        head.probability, than=head.champion_probability, table=head.test, seed=seed
    )
    if gap <= 0:
        return []
    return [f"{head.name}: log-loss is worse than the champion's by at least {gap:.4f}"]


def _surely_worse_by(probability: Floats, *, than: Floats, table: RiskTable, seed: int) -> float:
    """The gap in log-loss that all but a few resampled test slices exceed."""
    generator = np.random.default_rng(seed)
    gaps = np.empty(RESAMPLES)
    for number in range(RESAMPLES):
        rows = generator.integers(0, len(table), len(table))
        labels, weight = table.is_positive[rows], table.weight[rows]
        gaps[number] = log_loss(probability[rows], is_positive=labels, weight=weight) - log_loss(
            than[rows], is_positive=labels, weight=weight
        )
    return float(np.quantile(gaps, NOISE_QUANTILE))


def _promise_kept(test: RiskTable, *, cleared: Cleared, alpha: float) -> list[str]:
    """On the test slice the cleared cases may not be wrong more often than chance allows."""
    # Audited rows stand for many: only rows with equal weight make an exact binomial count.
    rows = cleared.is_cleared & (test.propensity == test.propensity.max(initial=0.0))
    count, wrong = int(rows.sum()), int(test.is_positive[rows].sum())
    if count == 0 or binom.sf(wrong - 1, count, alpha) > BROKEN_PROMISE_P:
        return []
    return [f"violation: {wrong} of {count} cases the certificate clears in the test slice are "
            f"wrong; {alpha:.0%} was promised"]  # fmt: skip
