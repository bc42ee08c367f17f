"""The violation head: would a full review find a fault that no rule has proved?"""

from __future__ import annotations

from models.boosting import BoosterSettings, Head, fit_head
from models.columns import Flags, Floats
from models.features.catalogue import FEATURE_NAMES, FEATURES

SETTINGS = BoosterSettings(
    trees=120, leaves=6, learning_rate=0.05, min_rows_in_leaf=10, feature_fraction=0.5
)
"""Few leaves: positives are rare (about one item in twenty), and small trees rank them better."""


def fit_violation(
    rows: Floats, *, is_positive: Flags, weight: Floats, settings: BoosterSettings = SETTINGS
) -> Head:
    """Fit on items no rule had proved, weighted by one over the propensity of their review."""
    return fit_head(
        rows,
        is_positive=is_positive,
        weight=weight,
        features=FEATURE_NAMES,
        signs=[feature.violation_sign for feature in FEATURES],
        settings=settings,
    )
