"""The models to beat: a logistic regression, LightGBM as it comes, and the median of a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import lightgbm
import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from models.columns import Flags, Floats

ITERATIONS = 500
INVERSE_L2 = 0.3
FARTHEST = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A weighted sum of standardised values, 0 for what is unknown; flags of the unknown come last.

    A value further from the mean than `FARTHEST` standard deviations counts as that far.
    """

    means: Floats
    scales: Floats
    unknown_columns: tuple[int, ...]
    coefficients: Floats
    intercept: float

    def probabilities(self, rows: Floats) -> Floats:
        """Give probabilities, with nothing of scikit-learn."""
        margin = self.columns(rows) @ self.coefficients + self.intercept
        result: Floats = expit(margin)
        return result

    def columns(self, rows: Floats) -> Floats:
        """Give what is weighted: standardised values, then flags of what is unknown."""
        far = np.clip((rows - self.means) / self.scales, -FARTHEST, FARTHEST)
        flags = np.isnan(rows[:, list(self.unknown_columns)]).astype(np.float64)
        return np.hstack([np.nan_to_num(far), flags])


@dataclass(frozen=True, slots=True, kw_only=True)
class Untuned:
    """LightGBM with the settings of the library."""

    booster: lightgbm.Booster

    def probabilities(self, rows: Floats) -> Floats:
        """Give probabilities."""
        return np.asarray(self.booster.predict(rows, num_threads=1), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMedian:
    """The median number of a group (of a client, say), and that of all for a group not known."""

    of_group: Mapping[str, float]
    of_all: float

    def predict(self, group: Sequence[str]) -> Floats:
        """Give one number for each."""
        return np.array([self.of_group.get(name, self.of_all) for name in group])


def fit_baseline(rows: Floats, *, is_positive: Flags, weight: Floats) -> Baseline:
    """Fit the regression on what is known of each column: a rarely known one has its own spread."""
    known = ~np.isnan(rows)
    count = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, rows, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, rows - means, 0.0) ** 2).sum(axis=0) / count)
    unfitted = Baseline(
        means=means,
        scales=np.where(spread > 0, spread, 1.0),
        unknown_columns=tuple(np.flatnonzero(~known.all(axis=0)).tolist()),
        coefficients=np.empty(0),
        intercept=0.0,
    )
    fitted = LogisticRegression(C=INVERSE_L2, max_iter=ITERATIONS)
    fitted.fit(unfitted.columns(rows), is_positive, sample_weight=weight)
    return replace(
        unfitted,
        coefficients=np.asarray(fitted.coef_[0], dtype=np.float64),
        intercept=float(fitted.intercept_[0]),
    )


def fit_untuned(rows: Floats, *, is_positive: Flags, weight: Floats) -> Untuned:
    """Fit LightGBM as somebody would who changes nothing."""
    table = lightgbm.Dataset(
        rows, label=is_positive.astype(np.float64), weight=weight, params={"verbose": -1}
    )
    parameters = {"objective": "binary", "num_threads": 1, "deterministic": True, "verbose": -1}
    return Untuned(booster=lightgbm.train(parameters, table))


def fit_group_median(group: Sequence[str], *, numbers: Floats) -> GroupMedian:
    """Take the medians; `group` and `numbers` belong to the same rows."""
    names = np.array(group, dtype=object)
    return GroupMedian(
        of_group={
            name: float(np.median(numbers[np.asarray(names == name)]))
            for name in sorted(set(group))
        },
        of_all=float(np.median(numbers)),
    )
