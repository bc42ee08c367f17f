"""The delay head: will the invoice of this item leave after its cut-off?"""

from __future__ import annotations

from models.boosting import BoosterSettings, Head, fit_head
from models.columns import Flags, Floats
from models.features.catalogue import FEATURE_NAMES, FEATURES

SETTINGS = BoosterSettings(trees=150, leaves=15, learning_rate=0.05, min_rows_in_leaf=25)


def fit_delay(
    rows: Floats, *, is_positive: Flags, weight: Floats, settings: BoosterSettings = SETTINGS
) -> Head:
    """Fit on every item whose billing date is known; a rule finding does not exclude it."""
    return fit_head(
        rows,
        is_positive=is_positive,
        weight=weight,
        features=FEATURE_NAMES,
        signs=[feature.delay_sign for feature in FEATURES],
        settings=settings,
    )
