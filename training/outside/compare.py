"""Figures of ours beside those of the models to beat, with an interval for the difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from models.columns import Floats, Ints

RESAMPLES = 400
EDGES = (2.5, 97.5)
Figure = Callable[[Floats, Floats], float]
"""Of what came (1 and 0, or numbers) and what was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure of one task: ours, the others, and how much ours is better than the best of them.

    `gain` is positive where ours is better; `low` and `high` hold 95 % of it over test rows drawn
    anew, ours and theirs on the same draw.
    """

    figure: str
    ours: float
    others: Mapping[str, float]
    rival: str
    gain: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        """Ours is better, by however little."""
        return self.gain > 0

    @property
    def is_clearly_worse(self) -> bool:
        """Ours is worse by more than chance among test rows."""
        return self.high < 0


def area_under_curve(actual: Floats, told: Floats) -> float:
    """Chance that a yes is ranked above a no (AUC); scikit-learn's costs too much to draw anew."""
    positives = float(actual.sum())
    ranks = float(rankdata(told)[actual == 1.0].sum())
    return (ranks - positives * (positives + 1) / 2) / (positives * (len(actual) - positives))


def average_precision(actual: Floats, told: Floats) -> float:
    """Mean share of yes among the rows above each yes (PR-AUC); equal answers count together."""
    order = np.argsort(-told, kind="stable")
    last_of_equal = np.append(np.flatnonzero(np.diff(told[order])), len(told) - 1)
    found = np.cumsum(actual[order])[last_of_equal]
    gained = np.diff(found, prepend=0.0)
    return float(np.sum(gained * found / (last_of_equal + 1)) / actual.sum())


def calibration_gap(actual: Floats, told: Floats, *, bins: int) -> float:
    """Mean gap between stated and seen share, over bins of equally many rows (ECE)."""
    order = np.argsort(told, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(part) * abs(float(told[part].mean() - actual[part].mean())) for part in parts]
    return sum(gaps) / len(order)


def mean_error(actual: Floats, told: Floats) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(actual - told)))


FIGURES: Mapping[str, tuple[Figure, float]] = {
    "AUC": (area_under_curve, 1.0),
    "PR-AUC": (average_precision, 1.0),
    "Brier": (lambda actual, told: float(np.mean((told - actual) ** 2)), -1.0),
    "ECE (15 bins)": (lambda actual, told: calibration_gap(actual, told, bins=15), -1.0),
    "ECE (10 bins)": (lambda actual, told: calibration_gap(actual, told, bins=10), -1.0),
}
"""With 1 where more is better and -1 where less is."""


def compare(
    name: str,
    *,
    actual: Floats,
    ours: Floats,
    others: Mapping[str, Floats],
    figure: Figure,
    sign: float,
    seed: int,
) -> Line:
    """Set one figure side by side; the rival is the best of the others on the test rows."""
    told = {other: figure(actual, given) for other, given in others.items()}
    rival = max(told, key=lambda other: sign * told[other])
    own = figure(actual, ours)
    gains = [
        sign * (figure(actual[rows], ours[rows]) - figure(actual[rows], others[rival][rows]))
        for rows in _draws(actual, seed=seed)
    ]
    low, high = np.percentile(gains, EDGES)
    return Line(
        figure=name,
        ours=own,
        others=told,
        rival=rival,
        gain=sign * (own - told[rival]),
        low=float(low),
        high=float(high),
    )


def _draws(actual: Floats, *, seed: int) -> list[Ints]:
    """Draw rows anew, with replacement; a draw of one kind of outcome alone has no ranking."""
    random = np.random.default_rng(seed)
    drawn = (random.integers(0, len(actual), len(actual)) for _ in range(RESAMPLES))
    return [rows for rows in drawn if np.ptp(actual[rows]) > 0]
