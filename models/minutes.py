"""How many minutes of active work the review of an item takes: the median, from past reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import lightgbm
import numpy as np
from pydantic import Field

from data.schemas.values import Name, Record
from models.boosting import ONLINE_THREADS, BoosterSettings
from models.columns import Floats
from models.features.catalogue import FEATURE_NAMES

SETTINGS = BoosterSettings(trees=80, leaves=6, learning_rate=0.08, min_rows_in_leaf=30)
"""Small trees: minutes order a queue, and a queue does not need the last percent."""
FEWEST_REVIEWS = 200
"""Below that a queue is better served by its documented formula."""
SHORTEST, LONGEST = 0.1, 120.0
"""Minutes; a card left open over lunch is no review of two hours."""


class NotEnoughReviewsError(ValueError):
    """There are too few timed reviews to learn minutes from."""


class MinutesDocument(Record):
    """Everything of the model but its trees."""

    features: tuple[Name, ...]
    shortest: Annotated[float, Field(gt=0)]
    longest: Annotated[float, Field(gt=0)]
    reviews: Annotated[int, Field(ge=1)]
    """How many timed reviews it was fitted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesModel:
    """Median minutes of an item's review; trees over the logarithm, so that no sum runs away."""

    document: MinutesDocument
    booster: lightgbm.Booster

    def predict(self, rows: Floats) -> Floats:
        """Give minutes, one per row of features in the order of the document."""
        if len(rows) == 0:
            return np.empty(0)
        logs = self.booster.predict(np.ascontiguousarray(rows), num_threads=ONLINE_THREADS)
        return np.clip(
            np.exp(np.asarray(logs, dtype=np.float64)),
            self.document.shortest,
            self.document.longest,
        )

    def text(self) -> str:
        """Give the booster as LightGBM text."""
        return str(self.booster.model_to_string(num_iteration=-1))


def minutes_from_text(text: str, document: MinutesDocument) -> MinutesModel:
    """Build the model from LightGBM text; check its hash first, and in a child process."""
    return MinutesModel(document=document, booster=lightgbm.Booster(model_str=text))


def fit_minutes(
    rows: Floats,
    *,
    minutes: Floats,
    features: tuple[str, ...] = FEATURE_NAMES,
    settings: BoosterSettings = SETTINGS,
) -> MinutesModel:
    """Fit on the reviews whose active time was measured, by absolute error of the logarithm.

    The median of the logarithm is the logarithm of the median, which a few endless reviews do not
    move. Raises NotEnoughReviewsError.
    """
    is_timed = np.isfinite(minutes) & (minutes > 0)
    reviews = int(is_timed.sum())
    if reviews < FEWEST_REVIEWS:
        raise NotEnoughReviewsError(
            f"{reviews} reviews carry their active time, and {FEWEST_REVIEWS} are needed; the "
            "queue keeps its formula until then"
        )
    timed = np.clip(minutes[is_timed], SHORTEST, LONGEST)
    table = lightgbm.Dataset(
        np.ascontiguousarray(rows[is_timed]),
        label=np.log(timed),
        feature_name=list(features),
        params={"verbose": -1, "max_bin": 127},
    )
    booster = lightgbm.train(_parameters(settings), table, num_boost_round=settings.trees)
    document = MinutesDocument(
        features=features, shortest=float(timed.min()), longest=float(timed.max()), reviews=reviews
    )
    return minutes_from_text(str(booster.model_to_string(num_iteration=-1)), document)


def _parameters(settings: BoosterSettings) -> dict[str, object]:
    return {
        "objective": "regression_l1",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.min_rows_in_leaf,
        "feature_fraction": settings.feature_fraction,
        "lambda_l2": settings.l2,
        "num_threads": settings.threads,
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
