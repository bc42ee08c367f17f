"""Whether certificates keep their promise, and what they are worth, in firms of known truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from models.certificate import Certificate, Provenance
from models.certify import CertifySettings, certify_sample
from models.columns import Flags
from models.evaluation.firm_of_scores import NOTHING_CLEARED, ScoreWorld, TrueRisks, overlook
from models.evaluation.watching import WatchFigures, simulate_watch
from models.scored_slice import ScoredSlice, countable

ALPHAS = (0.02, 0.03, 0.05)
LABELS = (3_000, 10_000)
DELTA = 0.05
SALT = "promise"
TUNE_SHARE = 0.25
"""Items of the tune slice for each one of the calibrate slice, as training cuts them."""
NOISY_ALPHA = 0.03
MISS_RATE = 0.2
"""Of reviewers that overlook many faults; the certificate is told so."""
PLUG_IN_STEP = 0.05
NOBODY = "0" * 64
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCell:
    """What one way of choosing thresholds came to, over all firms."""

    way: str
    """`certificate`, `noisy reviewers`, or `plug-in`: the observed risk taken at its word."""
    alpha: float
    labels: int
    firms: int
    broken_cases: float
    """Share of firms in which more than alpha of the cleared cases is wrong; at most delta."""
    broken_money: float
    share: float
    """Mean share of all cases that may be cleared."""
    best_share: float
    """What one threshold could clear if the truth were known."""
    none: float
    """Share of firms in which nothing may be cleared."""

    @property
    def of_best(self) -> float:
        """What is cleared, of what could be."""
        return self.share / self.best_share


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFigures:
    """The promise in many firms, and the watch over it."""

    delta: float
    cells: tuple[PromiseCell, ...]
    watches: tuple[WatchFigures, ...]


def evaluate_promise(
    *,
    firms: int = 200,
    progress: Callable[[str], None] = lambda _: None,
    alphas: Sequence[float] = ALPHAS,
    labels: Sequence[int] = LABELS,
) -> PromiseFigures:
    """Certify in many firms, each with its own seed, and compare with the truth.

    Every firm draws one calibrate slice and is certified on the first so many of its items.
    """
    world = ScoreWorld()
    found: dict[tuple[str, float, int], list[TrueRisks]] = {}
    for firm in range(firms):
        for key, risks in _one_firm(world, firm, alphas=alphas, labels=labels).items():
            found.setdefault(key, []).append(risks)
        if (firm + 1) % 20 == 0:
            progress(f"promise: {firm + 1} of {firms} firms")
    best = {alpha: world.best_share(alpha) for alpha in {*alphas, NOISY_ALPHA}}
    cells = [_cell(key, risks, best=best[key[1]]) for key, risks in sorted(found.items())]
    progress("promise: watching live")
    return PromiseFigures(delta=DELTA, cells=tuple(cells), watches=simulate_watch(runs=firms))


def _one_firm(
    world: ScoreWorld, firm: int, *, alphas: Sequence[float], labels: Sequence[int]
) -> dict[tuple[str, float, int], TrueRisks]:
    generator = np.random.default_rng(firm)
    all_items = world.draw(max(labels), generator=generator, name=f"F{firm}")
    risks = {}
    for count in labels:
        tune = world.draw(round(TUNE_SHARE * count), generator=generator, name=f"T{firm}")
        first = all_items.at(np.arange(count))
        sample = countable(first, cap=world.cap, salt=SALT)
        for alpha in alphas:
            risks["certificate", alpha, count] = _certified(world, tune, sample, alpha=alpha)
            risks["plug-in", alpha, count] = _plugged_in(world, tune, sample, alpha=alpha)
        risks["noisy reviewers", NOISY_ALPHA, count] = _certified(
            world,
            overlook(tune, miss_rate=MISS_RATE, generator=generator),
            overlook(sample, miss_rate=MISS_RATE, generator=generator),
            alpha=NOISY_ALPHA,
            miss_rate=MISS_RATE,
        )
    return risks


def _certified(
    world: ScoreWorld,
    tune: ScoredSlice,
    sample: ScoredSlice,
    *,
    alpha: float,
    miss_rate: float = 0.0,
) -> TrueRisks:
    (certificate,) = certify_sample(
        tune=tune,
        sample=sample,
        cap=world.cap,
        settings=whole_alpha(alpha, miss_rate=miss_rate),
        provenance=PROVENANCE,
    )
    return risks_of(certificate, world=world)


def whole_alpha(alpha: float, *, miss_rate: float = 0.0) -> CertifySettings:
    """Give settings without the margin for drift: it would hide a broken test."""
    return CertifySettings(
        alpha_cases=alpha,
        alpha_money=alpha,
        delta=DELTA,
        salt=SALT,
        margin=1.0,
        reviewer_miss_rate=miss_rate,
    )


def risks_of(certificate: Certificate, *, world: ScoreWorld) -> TrueRisks:
    """Give what a certificate would truly clear."""
    if certificate.threshold is None:
        return NOTHING_CLEARED
    return world.true_risks(
        certificate.threshold, power=certificate.amount_power, scale=certificate.amount_scale
    )


def _plugged_in(
    world: ScoreWorld, tune: ScoredSlice, sample: ScoredSlice, *, alpha: float
) -> TrueRisks:
    """Take the loosest threshold whose observed risks are within alpha: no promise at all."""
    grid = np.quantile(tune.score, np.arange(PLUG_IN_STEP, 1.0, PLUG_IN_STEP))
    kept = [
        float(threshold) for threshold in grid
        if _observed(sample, below=sample.score <= threshold) <= alpha
    ]  # fmt: skip
    return world.true_risks(kept[-1], power=0.0, scale=1.0) if kept else NOTHING_CLEARED


def _observed(items: ScoredSlice, *, below: Flags) -> float:
    wrong = below & items.is_violation
    if not below.any():
        return 1.0
    cases = float(wrong.sum()) / float(below.sum())
    return max(cases, float(items.amount[wrong].sum()) / float(items.amount[below].sum()))


def _cell(key: tuple[str, float, int], risks: Sequence[TrueRisks], *, best: float) -> PromiseCell:
    way, alpha, labels = key
    return PromiseCell(
        way=way,
        alpha=alpha,
        labels=labels,
        firms=len(risks),
        broken_cases=float(np.mean([one.cases > alpha for one in risks])),
        broken_money=float(np.mean([one.money > alpha for one in risks])),
        share=float(np.mean([one.share for one in risks])),
        best_share=best,
        none=float(np.mean([one.share == 0.0 for one in risks])),
    )


PROVENANCE = Provenance(
    model_sha256=NOBODY,
    data_sha256=NOBODY,
    tune_from=MADE_AT,
    tune_to=MADE_AT,
    calibrate_from=MADE_AT,
    calibrate_to=MADE_AT,
    certified_at=MADE_AT,
)
