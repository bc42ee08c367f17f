"""The models to beat, run on the same rows and features: a regression, plain trees, medians."""

from __future__ import annotations

import lightgbm
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.columns import Flags, Floats, Ints
from models.conformal import conformal_quantile, two_sided_scores, widened
from training.baseline import fit_baseline
from training.outside.features import Encoded, Quantity, one_hot
from training.outside.quantities import COVERAGE, ENDS
from training.outside.tasks import Fold, Task

TREES, LEARNING_RATE, PATIENCE = 400, 0.03, 50
STOPPING_SHARE = 0.15
CALIBRATING_SHARE = 0.25


def regression(task: Task) -> Floats:
    """Give probabilities of a logistic regression on one-hot codes and flags of what is missing."""
    rows = one_hot(task.encoded(task.final))
    fold = task.final
    fitted = fit_baseline(
        rows[fold.learn],
        is_positive=task.value[fold.learn] == 1.0,
        weight=np.ones(int(fold.learn.sum())),
    )
    return fitted.probabilities(rows[fold.tell])


def plain_trees(task: Task) -> Floats:
    """Give probabilities of LightGBM with its own defaults, stopped early on the latest rows."""
    return _boosted(task, learn=task.final.learn, objective={"objective": "binary"})


def usual_of_all(task: Task) -> Floats:
    """Give the median of the train rows."""
    return np.full(int(task.final.tell.sum()), np.median(task.value[task.final.learn]))


def usual_of_group(task: Task, *, quantity: Quantity) -> Floats:
    """Give the median that each group had shown before the decision."""
    own = task.facts.numbers[quantity.group][task.final.tell]
    return np.where(np.isfinite(own), own, usual_of_all(task))


def ridge(task: Task) -> Floats:
    """Give numbers of a ridge regression."""
    rows, fold = one_hot(task.encoded(task.final)), task.final
    model = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        Ridge(1.0),
    )
    model.fit(rows[fold.learn], task.value[fold.learn])
    return np.asarray(model.predict(rows[fold.tell]), dtype=np.float64)


def plain_quantile(task: Task, *, level: float) -> Floats:
    """Give a quantile of LightGBM with its own defaults."""
    return _boosted(task, learn=task.final.learn, objective=_quantile(level))


def fixed_interval(task: Task) -> tuple[Floats, Floats]:
    """Give an interval set once, on the last quarter of the train rows."""
    learn = np.flatnonzero(task.final.learn)
    start = len(learn) - int(len(learn) * CALIBRATING_SHARE)
    earlier, later = (_mask(part, of=len(task.value)) for part in (learn[:start], learn[start:]))
    told = [
        [_boosted(task, learn=earlier, objective=_quantile(level), tell=rows) for level in ENDS]
        for rows in (later, task.final.tell)
    ]
    scores = two_sided_scores(*told[0], actual=task.value[later])
    return widened(*told[1], by=conformal_quantile(scores, coverage=COVERAGE))


def _quantile(level: float) -> dict[str, object]:
    return {"objective": "quantile", "alpha": level}


def _boosted(
    task: Task, *, learn: Flags, objective: dict[str, object], tell: Flags | None = None
) -> Floats:
    encoded = task.encoded(Fold(learn=learn, tell=task.final.tell))
    where = np.flatnonzero(learn)
    start = len(where) - int(len(where) * STOPPING_SHARE)
    table = _dataset(encoded, task=task, rows=where[:start])
    model = lightgbm.train(
        {**objective, "learning_rate": LEARNING_RATE, "num_threads": 1, "verbose": -1, "seed": 1,
         "deterministic": True, "force_row_wise": True},
        table,
        num_boost_round=TREES,
        valid_sets=[_dataset(encoded, task=task, rows=where[start:], like=table)],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )  # fmt: skip
    told = task.final.tell if tell is None else tell
    return np.asarray(model.predict(encoded.rows[told], num_threads=1), dtype=np.float64)


def _dataset(
    encoded: Encoded, *, task: Task, rows: Ints, like: lightgbm.Dataset | None = None
) -> lightgbm.Dataset:
    categories = [place for place, is_one in enumerate(encoded.is_category) if is_one]
    return lightgbm.Dataset(
        encoded.rows[rows], task.value[rows], categorical_feature=categories, reference=like
    )


def _mask(rows: Ints, *, of: int) -> Flags:
    mask = np.zeros(of, dtype=np.bool_)
    mask[rows] = True
    return mask
