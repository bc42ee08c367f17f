"""Small monitors of drift: how far apart two samples lie, and how far two reviewers agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, ks_2samp, norm

from models.columns import Flags, Floats, Ints

BINS = 10
EMPTY = 0.5
"""Counted in a bin that nothing fell into, so that its logarithm exists."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far a feature moved: the statistic of each test, and how likely chance alone does it."""

    psi: float
    psi_chance: float
    ks: float
    ks_chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two blind reviewers agree; kappa and AC1 take out what chance would give."""

    pairs: int
    raw: float
    kappa: float
    low: float
    high: float
    """The 95 % interval of kappa."""
    ac1: float
    """Gwet's coefficient: it stays sensible where faults are rare and kappa falls apart."""


def shift_of(reference: Floats, recent: Floats) -> Shift:
    """Compare a feature now with what was learned from; what is unknown has a bin of its own."""
    counts = np.stack([_counts(reference, edges := _edges(reference)), _counts(recent, edges)])
    psi = _psi(counts)
    sizes = counts.sum(axis=1)
    # Twice the information in a table of counts: under no shift the PSI, scaled by the harmonic
    # size of the samples, follows a chi-square with one degree of freedom less than bins.
    scaled = psi * sizes[0] * sizes[1] / max(float(sizes.sum()), 1.0)
    degrees = max(int((counts.sum(axis=0) > 0).sum()) - 1, 1)
    known, known_recent = reference[~np.isnan(reference)], recent[~np.isnan(recent)]
    ks, ks_chance = 0.0, 1.0
    if len(known) and len(known_recent):
        found = ks_2samp(known, known_recent, method="asymp")
        ks, ks_chance = float(found.statistic), float(found.pvalue)
    return Shift(psi=psi, psi_chance=float(chi2.sf(scaled, degrees)), ks=ks, ks_chance=ks_chance)


def seen_interval(is_positive: Flags, *, weight: Floats) -> tuple[float, float, float]:
    """Give the seen share and its 95 % interval (Wilson, on the effective number of rows)."""
    share = float(np.average(is_positive, weights=weight))
    rows = float(weight.sum() ** 2 / (weight**2).sum())
    z = float(norm.ppf(0.5 + CONFIDENCE / 2))
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * np.sqrt(share * (1 - share) / rows + z * z / (4 * rows**2))
    return share, max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def agreement_of(first: Flags, second: Flags) -> Agreement:
    """Judge pairs of blind verdicts: raw share, Cohen's kappa with interval, and Gwet's AC1."""
    pairs = len(first)
    raw = float(np.mean(first == second))
    one, other = float(first.mean()), float(second.mean())
    by_chance = one * other + (1 - one) * (1 - other)
    kappa = 1.0 if by_chance >= 1.0 else (raw - by_chance) / (1 - by_chance)
    spread = 0.0 if by_chance >= 1.0 else np.sqrt(raw * (1 - raw) / pairs) / (1 - by_chance)
    half = float(norm.ppf(0.5 + CONFIDENCE / 2) * spread)
    yes = (one + other) / 2
    gwet_chance = 2 * yes * (1 - yes)
    return Agreement(
        pairs=pairs,
        raw=raw,
        kappa=kappa,
        low=max(kappa - half, -1.0),
        high=min(kappa + half, 1.0),
        ac1=(raw - gwet_chance) / (1 - gwet_chance),
    )


def share_chance(*, before: tuple[int, int], now: tuple[int, int]) -> float:
    """How likely two shares (yes of all) differ so much by chance (pooled z test)."""
    yes, rows = before[0] + now[0], before[1] + now[1]
    pooled = yes / rows
    spread = np.sqrt(pooled * (1 - pooled) * (1 / before[1] + 1 / now[1]))
    if spread == 0:
        return 1.0
    gap = now[0] / now[1] - before[0] / before[1]
    return float(2 * norm.sf(abs(gap) / spread))


def _edges(reference: Floats) -> Floats:
    known = reference[~np.isnan(reference)]
    if len(known) == 0:
        return np.empty(0)
    inner = np.quantile(known, np.arange(1, BINS) / BINS, method="lower")
    edges: Floats = np.unique(inner)
    return edges


def _counts(values: Floats, edges: Floats) -> Ints:
    known = values[~np.isnan(values)]
    bins = np.searchsorted(edges, known, side="left")
    counts = np.bincount(bins, minlength=len(edges) + 1)
    return np.append(counts, len(values) - len(known)).astype(np.int64)


def _psi(counts: Ints) -> float:
    """Population stability index: sum of (now - before) * ln(now / before) over the bins."""
    filled = counts[:, counts.sum(axis=0) > 0]
    shares = np.maximum(filled, EMPTY) / np.maximum(filled.sum(axis=1, keepdims=True), 1)
    gap = shares[1] - shares[0]
    return float(np.sum(gap * np.log(shares[1] / shares[0])))
