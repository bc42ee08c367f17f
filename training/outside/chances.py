"""The probability of a yes: a regression, small trees and words, blended by forward folds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.boosting import BoosterSettings, fit_head
from models.calibration import Calibrator, choose_calibrator, log_loss
from models.columns import Flags, Floats
from training.outside.blend import even_weights
from training.outside.features import one_hot
from training.outside.tasks import Fold, Task

EDGE = 1e-6
SEEDS = (1, 2, 3)
ITERATIONS = 500
WORTH = 5e-4
"""Nats of log-loss below which two choices are alike, and the more even blend is taken."""
STANDARD_ERRORS = 2.0
INVERSE_L2 = (0.001, 0.003, 0.01, 0.03)
TREES = (
    BoosterSettings(trees=100, leaves=15, learning_rate=0.03, feature_fraction=0.5),
    BoosterSettings(trees=200, leaves=4, learning_rate=0.03, feature_fraction=0.2),
    BoosterSettings(trees=200, leaves=4, learning_rate=0.03, min_rows_in_leaf=80,
                    feature_fraction=0.5),
)  # fmt: skip

Arm = Callable[[Task, Fold], Floats]
"""Learns from the rows of a fold and gives a margin for each row it tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Probabilities of the test rows, and how they were come by."""

    probability: Floats
    weights: Mapping[str, float]
    calibrator: Calibrator | None


def blended_chances(task: Task) -> Chances:
    """Learn from the train rows alone; every choice is made on forward folds inside them."""
    is_yes = np.concatenate([task.value[fold.tell] for fold in task.folds]) == 1.0
    arms = [_best(options, task=task, is_yes=is_yes) for options in _families(task)]
    margins = np.column_stack([margin for _, _, margin in arms])
    weights = even_weights(margins, loss=lambda margin: _loss(margin, is_yes=is_yes), worth=WORTH)
    calibrator = _calibrator(probability_of(margins @ weights), is_yes=is_yes, task=task)
    final = np.column_stack([arm(task, task.final) for _, arm, _ in arms]) @ weights
    given = probability_of(final)
    return Chances(
        probability=given if calibrator is None else calibrator.apply(given),
        weights={name: float(weight) for (name, _, _), weight in zip(arms, weights, strict=True)},
        calibrator=calibrator,
    )


def probability_of(margin: Floats) -> Floats:
    """Turn log-odds into probabilities."""
    given: Floats = 1.0 / (1.0 + np.exp(-np.clip(margin, -30.0, 30.0)))
    return given


def margin_of(probability: Floats) -> Floats:
    """Turn probabilities into log-odds."""
    inside = np.clip(probability, EDGE, 1.0 - EDGE)
    margin: Floats = np.log(inside) - np.log1p(-inside)
    return margin


def _families(task: Task) -> Iterator[dict[str, Arm]]:
    yield {f"regression C={c}": _regression(c) for c in INVERSE_L2}
    yield {f"trees {one.trees}x{one.leaves}, leaf {one.min_rows_in_leaf}": _trees(one)
           for one in TREES}  # fmt: skip
    if task.facts.texts:
        yield {"words": _words}


def _best(options: Mapping[str, Arm], *, task: Task, is_yes: Flags) -> tuple[str, Arm, Floats]:
    told = {
        name: np.concatenate([arm(task, fold) for fold in task.folds])
        for name, arm in options.items()
    }
    name = min(told, key=lambda one: _loss(told[one], is_yes=is_yes))
    return name, options[name], told[name]


def _calibrator(probability: Floats, *, is_yes: Flags, task: Task) -> Calibrator | None:
    """Give a curve only if one fitted on the earlier folds clearly helped on each later fold.

    A curve that helps once may have learned the mood of a month: what it saves must be more than
    two standard errors each time.
    """
    ends = np.cumsum([int(fold.tell.sum()) for fold in task.folds])
    chosen = None
    for start, end in pairwise(ends.tolist()):
        ones = np.ones(end)
        later = probability[start:end], is_yes[start:end], ones[start:end]
        chosen = choose_calibrator(
            fit=(probability[:start], is_yes[:start], ones[:start]), later=later
        )
        if chosen is None or not _clearly_helps(chosen, later=later[0], is_yes=later[1]):
            return None
    return chosen


def _clearly_helps(calibrator: Calibrator, *, later: Floats, is_yes: Flags) -> bool:
    saved = _losses(later, is_yes=is_yes) - _losses(calibrator.apply(later), is_yes=is_yes)
    return bool(saved.mean() > STANDARD_ERRORS * saved.std() / np.sqrt(len(saved)))


def _losses(probability: Floats, *, is_yes: Flags) -> Floats:
    inside = np.clip(probability, EDGE, 1.0 - EDGE)
    return np.where(is_yes, -np.log(inside), -np.log1p(-inside))


def _loss(margin: Floats, *, is_yes: Flags) -> float:
    return log_loss(probability_of(margin), is_positive=is_yes, weight=np.ones(len(is_yes)))


def _regression(inverse_l2: float) -> Arm:
    def fit(task: Task, fold: Fold) -> Floats:
        rows = one_hot(task.encoded(fold))
        model = make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(C=inverse_l2, max_iter=ITERATIONS),
        )
        model.fit(rows[fold.learn], task.value[fold.learn])
        return np.asarray(model.decision_function(rows[fold.tell]), dtype=np.float64)

    return fit


def _trees(settings: BoosterSettings) -> Arm:
    def fit(task: Task, fold: Fold) -> Floats:
        rows = task.encoded(fold).rows
        names = [f"feature_{number}" for number in range(rows.shape[1])]
        heads = [
            fit_head(
                rows[fold.learn],
                is_positive=task.value[fold.learn] == 1.0,
                weight=np.ones(int(fold.learn.sum())),
                features=names,
                signs=[0] * len(names),
                settings=replace(settings, seed=seed),
            )
            for seed in SEEDS
        ]
        told = [margin_of(head.scores(rows[fold.tell])) for head in heads]
        return np.asarray(np.mean(told, axis=0), dtype=np.float64)

    return fit


def _words(task: Task, fold: Fold) -> Floats:
    texts = np.array(task.facts.texts, dtype=object)
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, min_df=3, ngram_range=(1, 2)),
        LogisticRegression(C=0.5, max_iter=ITERATIONS),
    )
    model.fit(texts[fold.learn], task.value[fold.learn])
    return np.asarray(model.decision_function(texts[fold.tell]), dtype=np.float64)
