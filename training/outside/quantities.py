"""A number told beforehand, with an interval: the usual of a group, a line, trees and a hazard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import lightgbm
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.columns import Floats
from models.conformal import conformal_quantile, rolling_quantiles, two_sided_scores, widened
from models.days import NoWaitsError, fit_days
from training.outside.blend import even_weights
from training.outside.chances import Arm
from training.outside.features import Quantity, one_hot
from training.outside.tasks import Fold, Task

COVERAGE = 0.8
ENDS = (0.1, 0.9)
LATEST = 500
"""Outcomes known last that an interval is set by; a longer memory is slow to see a change."""
SEEDS = (1, 2)
WORTH_SHARE = 0.003
"""Share of the error below which two blends are alike."""
RIDGE_L2 = 300.0
TREES = ((100, 7), (200, 15))
"""Trees and leaves of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Numbers for the test rows: the middle, an interval, and how they were come by."""

    middle: Floats
    low: Floats
    high: Floats
    weights: Mapping[str, float]


def blended_quantities(task: Task, *, quantity: Quantity) -> Told:
    """Learn from the train rows alone; blend by error on forward folds.

    The interval is widened by the latest outcomes known before each row was decided.
    """
    actual = np.concatenate([task.value[fold.tell] for fold in task.folds])
    arms = [_best(options, task=task, actual=actual) for options in _families(quantity)]
    told = np.column_stack([answer for _, _, answer in arms])
    error = float(np.min(np.mean(np.abs(told - actual[:, None]), axis=0)))
    weights = even_weights(
        told, loss=lambda answer: _error(answer, actual=actual), worth=WORTH_SHARE * error
    )
    final = np.column_stack([arm(task, task.final) for _, arm, _ in arms])
    low, high = _interval(task)
    return Told(
        middle=final @ weights,
        low=low,
        high=high,
        weights={name: float(weight) for (name, _, _), weight in zip(arms, weights, strict=True)},
    )


def _families(quantity: Quantity) -> Iterator[dict[str, Arm]]:
    yield {"usual of all": _usual("")} | (
        {"usual of the group": _usual(quantity.group)} if quantity.group else {}
    )
    yield {"line": _line}
    yield {f"trees {trees}x{leaves}": _trees(trees, leaves) for trees, leaves in TREES}
    if quantity.is_wait:
        yield {"hazard": _hazard}


def _best(options: Mapping[str, Arm], *, task: Task, actual: Floats) -> tuple[str, Arm, Floats]:
    told = {
        name: np.concatenate([arm(task, fold) for fold in task.folds])
        for name, arm in options.items()
    }
    name = min(told, key=lambda one: _error(told[one], actual=actual))
    return name, options[name], told[name]


def _error(answer: Floats, *, actual: Floats) -> float:
    return float(np.mean(np.abs(answer - actual)))


def _usual(feature: str) -> Arm:
    def fit(task: Task, fold: Fold) -> Floats:
        overall = np.full(int(fold.tell.sum()), np.median(task.value[fold.learn]))
        if not feature:
            return overall
        own = task.facts.numbers[feature][fold.tell]
        return np.where(np.isfinite(own), own, overall)

    return fit


def _line(task: Task, fold: Fold) -> Floats:
    rows = one_hot(task.encoded(fold))
    model = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        Ridge(RIDGE_L2),
    )
    model.fit(rows[fold.learn], task.value[fold.learn])
    return np.asarray(model.predict(rows[fold.tell]), dtype=np.float64)


def _trees(trees: int, leaves: int, *, level: float = 0.5) -> Arm:
    def fit(task: Task, fold: Fold) -> Floats:
        rows = task.encoded(fold).rows
        told = []
        for seed in SEEDS:
            table = lightgbm.Dataset(rows[fold.learn], task.value[fold.learn])
            parameters = {
                "objective": "quantile", "alpha": level, "num_leaves": leaves,
                "learning_rate": 0.03, "min_data_in_leaf": 30, "feature_fraction": 0.5,
                "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1.0, "seed": seed,
                "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
            }  # fmt: skip
            model = lightgbm.train(parameters, table, num_boost_round=trees)
            told.append(model.predict(rows[fold.tell], num_threads=1))
        return np.asarray(np.mean(told, axis=0), dtype=np.float64)

    return fit


def _hazard(task: Task, fold: Fold) -> Floats:
    """The median of the days model, which also learns from what had not happened yet."""
    encoded, decided = task.encoded(fold), task.facts.decided
    now = float(decided[fold.tell].min())
    is_over = fold.learn
    waits = is_over | ((decided < now) & ~(task.outcome.told < now))
    so_far = np.where(is_over, np.maximum(task.value, 0.0), now - decided)
    names = [f"feature_{number}" for number in range(encoded.rows.shape[1])]
    try:
        model = fit_days(
            encoded.rows[waits],
            days=so_far[waits],
            is_billed=is_over[waits],
            features=names,
            signs=[0] * len(names),
        )
    except NoWaitsError:
        return _usual("")(task, fold)
    return model.quantiles(encoded.rows[fold.tell])[:, 0]


def _interval(task: Task) -> tuple[Floats, Floats]:
    trees, leaves = TREES[0]
    arms = [_trees(trees, leaves, level=level) for level in ENDS]
    folds = (*task.folds, task.final)
    low, high = (np.concatenate([arm(task, fold) for fold in folds]) for arm in arms)
    actual, known, decided = (
        np.concatenate([column[fold.tell] for fold in folds])
        for column in (task.value, task.outcome.known, task.facts.decided)
    )
    scores = two_sided_scores(low, high, actual=actual)
    by = rolling_quantiles(scores, known=known, at=decided, last=LATEST, coverage=COVERAGE)
    # Rows of the first fold have nothing before them; the test rows always have the folds.
    overall = conformal_quantile(scores, coverage=COVERAGE)
    test = slice(len(low) - int(task.final.tell.sum()), None)
    by = np.where(np.isfinite(by), by, overall)
    return widened(low[test], high[test], by=by[test])
