"""Which rows a head learns from, and on which its curve is chosen."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import Any

import numpy as np

from data.schemas.questions import Question
from training.dataset import RiskTable
from training.splits import Slices

FEWEST_POSITIVES = 25
"""Rows with a yes from which on something can be learned of a question."""


def for_head(question: Question, slices: Slices) -> Slices:
    """Give the slices that a head is fitted on.

    Only the certified question keeps its calibrate slice untouched. Any other learns from most of
    it as well: `fit` reaches to two thirds of it, and the curve is chosen on the rest. No such
    head has a part in the certified one, which is joined with heads of its own.
    """
    if question is Question.ANY_FAULT:
        return slices
    late = slices.calibrate
    if len(late) == 0:
        return slices
    first, second = np.quantile(late.assessed_us, [2 / 3, 5 / 6])
    return Slices(
        fit=joined(slices.fit, slices.tune, late.take(late.assessed_us < first)),
        tune=late.take((late.assessed_us >= first) & (late.assessed_us < second)),
        calibrate=late.take(late.assessed_us >= second),
        test=slices.test,
    )


def is_learnable(question: Question, slices: Slices) -> bool:
    """Whether the rows that a head would learn from tell enough for a head of its own.

    Below that a head would learn chance; the certified question still covers the item.
    """
    fit = for_head(question, slices).fit
    return FEWEST_POSITIVES <= int(fit.is_positive.sum()) < len(fit)


def joined(*tables: RiskTable) -> RiskTable:
    """Put tables one below the other, oldest first if they are given so."""
    columns: dict[str, Any] = {}
    for one in fields(RiskTable):
        parts = [getattr(table, one.name) for table in tables]
        is_text = isinstance(parts[0], tuple)
        columns[one.name] = tuple(chain(*parts)) if is_text else np.concatenate(parts)
    return RiskTable(**columns)
