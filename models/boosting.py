"""One head: LightGBM trees with monotone signs, at times with a line beside, and its curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np

from models.calibration import Calibrator
from models.columns import Flags, Floats
from models.line import Line

ONLINE_THREADS = 1
"""With one thread p99 is 0.3 ms for a row; with two it was 8-22 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoosterSettings:
    """Small trees, so that explaining one item takes about a millisecond."""

    trees: int = 150
    leaves: int = 15
    learning_rate: float = 0.05
    min_rows_in_leaf: int = 25
    feature_fraction: float = 0.8
    l2: float = 5.0
    threads: int = 1
    """On a few thousand rows one thread is faster than two that wait for each other."""
    seed: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Trees with a calibrator: numbers in the order of `features` in, probabilities out.

    With a line, the margin is a sum of both, `line_weight` of it the line's.
    """

    features: tuple[str, ...]
    booster: lightgbm.Booster
    calibrator: Calibrator | None
    line: Line | None = None
    line_weight: float = 0.0

    def scores(self, rows: Floats) -> Floats:
        """Give raw probabilities, before calibration."""
        if len(rows) == 0:
            return np.empty(0)
        given = self.booster.predict(
            np.ascontiguousarray(rows),
            raw_score=self.line is not None,
            num_threads=ONLINE_THREADS,
        )
        scores = np.asarray(given, dtype=np.float64)
        if self.line is None:
            return scores
        margin = self._blended(scores, self.line.margins(rows))
        result: Floats = 1.0 / (1.0 + np.exp(-margin))
        return result

    def probabilities(self, rows: Floats) -> Floats:
        """Give calibrated probabilities."""
        scores = self.scores(rows)
        return scores if self.calibrator is None else self.calibrator.apply(scores)

    def contributions(self, rows: Floats) -> Floats:
        """Give each feature's change of the log-odds (SHAP values), without the base value.

        Costs 0.1-0.5 ms a row: ask for items that go to a person only.
        """
        if len(rows) == 0:
            return np.empty((0, len(self.features)))
        given = self.booster.predict(
            np.ascontiguousarray(rows), pred_contrib=True, num_threads=ONLINE_THREADS
        )
        of_trees = np.asarray(given, dtype=np.float64)[:, :-1]
        return of_trees if self.line is None else self._blended(of_trees, self.line.parts(rows))

    def _blended(self, of_trees: Floats, of_line: Floats) -> Floats:
        return (1.0 - self.line_weight) * of_trees + self.line_weight * of_line

    def text(self) -> str:
        """Give the booster as LightGBM text."""
        return str(self.booster.model_to_string(num_iteration=-1))


def head_from_text(
    text: str,
    *,
    features: tuple[str, ...],
    calibrator: Calibrator | None,
    line: Line | None = None,
    line_weight: float = 0.0,
) -> Head:
    """Build a head from LightGBM text.

    LightGBM may abort the process on damaged text: check hashes first, and in a child process.
    """
    booster = lightgbm.Booster(model_str=text)
    return Head(
        features=features,
        booster=booster,
        calibrator=calibrator,
        line=line,
        line_weight=line_weight,
    )


def fit_head(
    rows: Floats,
    *,
    is_positive: Flags,
    weight: Floats,
    features: Sequence[str],
    signs: Sequence[int | None],
    settings: BoosterSettings,
) -> Head:
    """Fit a booster; the same rows, settings and thread count give the same text.

    A feature whose sign is None takes no part.
    """
    table = lightgbm.Dataset(
        rows,
        label=is_positive.astype(np.float64),
        weight=weight,
        feature_name=list(features),
        params={"verbose": -1, "max_bin": 127},
        free_raw_data=True,
    )
    booster = lightgbm.train(
        _parameters(settings, signs=signs), table, num_boost_round=settings.trees
    )
    # The text form drops digits nobody needs; we serve what we store, so round-trip it here too.
    return head_from_text(
        booster.model_to_string(num_iteration=-1), features=tuple(features), calibrator=None
    )


def _parameters(settings: BoosterSettings, *, signs: Sequence[int | None]) -> dict[str, object]:
    return {
        "objective": "binary",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.min_rows_in_leaf,
        "feature_fraction": settings.feature_fraction,
        "lambda_l2": settings.l2,
        "monotone_constraints": [sign or 0 for sign in signs],
        # The basic method pays for a sign with more ranking than the sign is worth.
        "monotone_constraints_method": "intermediate",
        "feature_contri": [0.0 if sign is None else 1.0 for sign in signs],
        "num_threads": settings.threads,
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
