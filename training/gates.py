"""Whether a candidate may replace the champion: every check by name, and the reason of each no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import binom

from data.schemas.questions import ASKED, Question
from models.bundle_document import ALWAYS_ASKED
from models.columns import Floats
from models.features.catalogue import BY_NAME
from training.dataset import RiskTable
from training.evaluate import Cleared, calibration_error, losses
from training.slicing import slices_by_name

FEWEST_FIT_ROWS, FEWEST_FIT_POSITIVES = 300, 20
FEWEST_TEST_ROWS, FEWEST_TEST_POSITIVES = 100, 8
LOWEST_AUC = 0.6
HIGHEST_ECE = 0.08
"""Of the calibration error; a small test slice shows some of it by chance alone, so it must also
exceed what 99 % of slices of that size would show if every stated probability were true."""
CHANCE_QUANTILE, CHANCE_DRAWS = 0.99, 200
RESAMPLES = 400
NOISE_QUANTILE = 0.05
"""A candidate is worse only if 95 % of the resampled test slices say so."""
BROKEN_PROMISE_P = 0.01
FEWEST_SLICE_ROWS = 200
SLICE_GAP, SLICE_NOISE = 0.05, 4.0
"""A slice is wrong if stated and seen share differ by this much, and by so many standard errors:
with two dozen slices looked at, fewer would refuse good models."""
SLICE_LOSS = 0.02
"""Nats of log-loss by which no slice may surely fall behind the champion."""


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

    question: Question
    fit: RiskTable
    test: RiskTable
    figures: dict[str, float]
    probability: Floats
    champion_probability: Floats | None
    leaks: Sequence[str]

    @property
    def name(self) -> str:
        """How reasons name the head."""
        return self.question.value


CHECKS = (
    "enough rows",
    "no leaks",
    "ranking",
    "calibration",
    "better than the base rate",
    "not worse than the champion",
    "no slice much worse",
    "promise kept",
)


def judge(
    heads: Mapping[Question, HeadEvidence],
    *,
    cleared: Cleared,
    alpha: float,
    objections: Sequence[str],
    seed: int,
) -> Gate:
    """Say whether a candidate may replace the champion (or be the first).

    Judged are the heads that every bundle has; of the others `weak_heads` tells. `objections` are
    those of the registry's own validation. The first bundle has no champion to compare with and
    passes on the absolute checks.
    """
    reasons = [*objections]
    for question in ALWAYS_ASKED:
        if question in heads:
            reasons += _reasons(heads[question], seed=seed)
            reasons += _bad_slices(heads[question], seed=seed)
    reasons += _promise_kept(heads[Question.ANY_FAULT].test, cleared=cleared, alpha=alpha)
    return Refused(reasons=tuple(reasons)) if reasons else Passed(checks=CHECKS)


def weak_heads(
    heads: Mapping[Question, HeadEvidence], *, seed: int
) -> dict[Question, tuple[str, ...]]:
    """Name the heads that a bundle is better off without, each with its reasons.

    The heads that every bundle has are not among them: those refuse the candidate.
    """
    found = {
        question: tuple(_reasons(head, seed=seed))
        for question, head in heads.items()
        if question not in ALWAYS_ASKED
    }
    return {question: reasons for question, reasons in found.items() if reasons}


def _reasons(head: HeadEvidence, *, seed: int) -> list[str]:
    reasons = _enough_rows(head)
    reasons += [f"{head.name}: {leak} alone tells the outcome" for leak in _leaks(head)]
    if "auc" in head.figures:
        reasons += _absolute(head, seed=seed)
        reasons += _not_worse(head, seed=seed)
    return reasons


def _leaks(head: HeadEvidence) -> list[str]:
    """What no honest feature does.

    A question with one cause (a kind of fault, a reason of a dispute) may be decided by the sign
    of it, such as a missing order by the client's objection to its reference; by a value that is
    not known, or by the date, never.
    """
    asked = ASKED[head.question]
    has_one_cause = asked.is_hidden_fault or asked.reason is not None
    return [leak for leak in head.leaks if not (has_one_cause and leak in BY_NAME)]


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


def _absolute(head: HeadEvidence, *, seed: int) -> list[str]:
    figures, reasons = head.figures, []
    if figures["auc"] < LOWEST_AUC:
        reasons.append(f"{head.name}: AUC {figures['auc']:.3f} is below {LOWEST_AUC}")
    if figures["ece"] > HIGHEST_ECE and figures["ece"] > _ece_by_chance(head, seed=seed):
        reasons.append(
            f"{head.name}: calibration error {figures['ece']:.3f} is above {HIGHEST_ECE}"
        )
    if figures["log_loss"] >= figures["base_log_loss"]:
        reasons.append(f"{head.name}: log-loss is no better than that of the base rate")
    return reasons


def _ece_by_chance(head: HeadEvidence, *, seed: int) -> float:
    """The calibration error that a slice of this size seldom shows if all is as stated."""
    generator = np.random.default_rng(seed)
    weight, errors = head.test.weight, np.empty(CHANCE_DRAWS)
    for number in range(CHANCE_DRAWS):
        drawn = generator.uniform(size=len(head.test)) < head.probability
        errors[number] = calibration_error(head.probability, is_positive=drawn, weight=weight)
    return float(np.quantile(errors, CHANCE_QUANTILE))


def _not_worse(head: HeadEvidence, *, seed: int) -> list[str]:
    if head.champion_probability is None:
        return []
    gap = _surely_worse_by(
        head.probability, than=head.champion_probability, table=head.test, seed=seed
    )
    if gap <= 0:
        return []
    return [f"{head.name}: log-loss is worse than the champion's by at least {gap:.4f}"]


def _bad_slices(head: HeadEvidence, *, seed: int) -> list[str]:
    """Slices whose stated share is far from the seen one, or that the champion served better."""
    reasons = []
    for name, rows in slices_by_name(head.test).items():
        if int(rows.sum()) < FEWEST_SLICE_ROWS:
            continue
        test, probability = head.test.take(rows), head.probability[rows]
        gap, errors = _gap(test, probability=probability)
        if abs(gap) > SLICE_GAP and abs(errors) > SLICE_NOISE:
            reasons.append(f"{head.name}: in {name} the stated share is off by {gap:+.3f}")
        if head.champion_probability is not None:
            worse = _surely_worse_by(
                probability, than=head.champion_probability[rows], table=test, seed=seed
            )
            if worse > SLICE_LOSS:
                reasons.append(
                    f"{head.name}: in {name} log-loss is worse than the champion's by at least "
                    f"{worse:.4f}"
                )
    return reasons


def _gap(table: RiskTable, *, probability: Floats) -> tuple[float, float]:
    """Stated minus seen share, and the same in standard errors."""
    weight = table.weight / table.weight.sum()
    gap = float(np.sum(weight * (probability - table.is_positive)))
    spread = float(np.sqrt(np.sum(weight**2 * probability * (1.0 - probability))))
    return gap, gap / max(spread, 1e-12)


def _surely_worse_by(probability: Floats, *, than: Floats, table: RiskTable, seed: int) -> float:
    """The gap in log-loss that all but a few resampled test slices exceed."""
    generator = np.random.default_rng(seed)
    weight = table.weight
    gap = weight * (
        losses(probability, is_positive=table.is_positive)
        - losses(than, is_positive=table.is_positive)
    )
    gaps = np.empty(RESAMPLES)
    for number in range(RESAMPLES):
        rows = generator.integers(0, len(table), len(table))
        gaps[number] = gap[rows].sum() / weight[rows].sum()
    return float(np.quantile(gaps, NOISE_QUANTILE))


def _promise_kept(test: RiskTable, *, cleared: Cleared, alpha: float) -> list[str]:
    """On the test slice the cleared cases may not be wrong more often than chance allows."""
    # Audited rows stand for many: only rows with equal weight make an exact binomial count.
    rows = cleared.is_cleared & (test.propensity == test.propensity.max(initial=0.0))
    count, wrong = int(rows.sum()), int(test.is_positive[rows].sum())
    if count == 0 or binom.sf(wrong - 1, count, alpha) > BROKEN_PROMISE_P:
        return []
    return [f"{Question.ANY_FAULT.value}: {wrong} of {count} cases the certificate clears in the "
            f"test slice are wrong; {alpha:.0%} was promised"]  # fmt: skip
