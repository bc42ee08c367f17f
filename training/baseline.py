"""The model to beat: a logistic regression as plain coefficients, and the base rate below it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from models.columns import Flags, Floats

ITERATIONS = 500
INVERSE_L2 = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Medians for what is unknown, then a weighted sum; flags of what was unknown come last."""

    medians: Floats
    unknown_columns: tuple[int, ...]
    coefficients: Floats
    intercept: float

    def probabilities(self, rows: Floats) -> Floats:
        """Give probabilities, with nothing of scikit-learn."""
        filled = np.where(np.isnan(rows), self.medians, rows)
        flags = np.isnan(rows[:, list(self.unknown_columns)]).astype(np.float64)
        margin = np.hstack([filled, flags]) @ self.coefficients + self.intercept
        result: Floats = 1.0 / (1.0 + np.exp(-margin))
        return result


def fit_baseline(rows: Floats, *, is_positive: Flags, weight: Floats) -> Baseline:
    """Fit the regression and fold its scaling into the coefficients."""
    pipeline = Pipeline(
        [
            (
                "fill",
                SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
            ),
            ("scale", StandardScaler()),
            ("fit", LogisticRegression(C=INVERSE_L2, max_iter=ITERATIONS)),
        ]
    )
    pipeline.fit(rows, is_positive, fit__sample_weight=weight)
    fill, scale, fitted = (step for _, step in pipeline.steps)
    coefficients = fitted.coef_[0] / scale.scale_
    return Baseline(
        medians=np.asarray(fill.statistics_, dtype=np.float64),
        unknown_columns=tuple(int(i) for i in fill.indicator_.features_),
        coefficients=np.asarray(coefficients, dtype=np.float64),
        intercept=float(fitted.intercept_[0] - np.dot(coefficients, scale.mean_)),
    )
