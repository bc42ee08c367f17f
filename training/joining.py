"""What the certified head is joined with: heads of kinds of faults, from its own fit slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from data.schemas.questions import ASKED, Question
from models.boosting import BoosterSettings, Head
from models.calibration import Curve, fit_calibrator, log_loss
from models.columns import Flags, Floats
from models.heads import fit_trees
from models.joined import REST, join
from training.dataset import RiskTable
from training.head_slices import FEWEST_POSITIVES
from training.splits import Slices

Slice = tuple[Floats, RiskTable]
"""Vectors and the rows they belong to."""
KINDS_WEIGHTS = (0.0, 0.25, 0.5, 0.75)


def joined_head(own: Head, *, kinds: Mapping[Question, Head], tune: Slice) -> Head:
    """Join the certified head with heads of kinds; their part is chosen on tune.

    It stands alone where there are no kinds, and where tune tells nothing of their worth.
    """
    rows, table = tune
    if not set(kinds) - {REST} or not 0 < int(table.is_positive.sum()) < len(table):
        return own
    joined = [join(own, kinds=kinds, kinds_weight=weight) for weight in KINDS_WEIGHTS]
    losses = [_loss(head.scores(rows), table=table) for head in joined]
    return joined[int(np.argmin(losses))]


def fit_kinds(
    tables: Mapping[Question, Slices],
    *,
    rows: Floats,
    features: Sequence[str],
    settings: BoosterSettings,
) -> dict[Question, Head]:
    """Fit a head of each kind that the certified fit slice, whose vectors are `rows`, tells of.

    They learn from no later rows: a label of the calibrate slice would come back in the score
    that it tests. They are trees alone: a bundle keeps no line of a kind.
    """
    fit = tables[Question.ANY_FAULT].fit
    return {
        question: fit_trees(
            question,
            rows,
            is_positive=says,
            weight=fit.weight,
            settings=settings,
            features=features,
        )
        for question, says in _answers(fit, tables=tables).items()
    }


def _answers(table: RiskTable, *, tables: Mapping[Question, Slices]) -> dict[Question, Flags]:
    """Whether each row has a kind of fault, for the kinds seen often enough, and for the rest.

    A row of which a kind is not asked does not have it: the head says no there, or next to it.
    """
    answers: dict[Question, Flags] = {}
    rest = table.is_positive.copy()
    for question in (one for one in tables if ASKED[one].is_hidden_fault):
        slices = tables[question]
        told = dict([*_pairs(slices.fit), *_pairs(slices.tune)])
        says = np.array([told.get(item_id, False) for item_id in table.item_id], dtype=np.bool_)
        if int(says.sum()) >= FEWEST_POSITIVES:
            answers[question] = says
            rest &= ~says
    if int(rest.sum()) >= FEWEST_POSITIVES:
        answers[REST] = rest
    return answers


def _pairs(table: RiskTable) -> list[tuple[str, bool]]:
    return list(zip(table.item_id, table.is_positive.tolist(), strict=True))


def _loss(scores: Floats, *, table: RiskTable) -> float:
    """Log-loss after the best curve, so that only the ranking is compared."""
    is_positive, weight = table.is_positive, table.weight
    curve = fit_calibrator(scores, is_positive=is_positive, weight=weight, curve=Curve.PLATT)
    return log_loss(curve.apply(scores), is_positive=is_positive, weight=weight)
