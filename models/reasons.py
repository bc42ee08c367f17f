"""Contributions of a model as sentences a finance person can check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.schemas.assessment import Reason
from models.columns import Floats
from models.words_model.columns import sentence_of

MOST_REASONS = 4
SMALLEST_CONTRIBUTION = 0.05
"""Log-odds; less than this moves a probability of 10 % by under half a point."""


def reasons_for(
    contributions: Floats, *, values: Floats, features: Sequence[str], at_most: int = MOST_REASONS
) -> tuple[Reason, ...]:
    """Give the features that speak for a fault, strongest first, then the strongest against.

    `contributions` and `values` belong to one item.
    """
    order = np.argsort(-contributions, kind="stable")
    speaking_for = [int(i) for i in order if contributions[i] >= SMALLEST_CONTRIBUTION]
    against = [int(i) for i in order[::-1] if contributions[i] <= -SMALLEST_CONTRIBUTION]
    chosen = [*speaking_for[: at_most - 1], *against[:1]]
    return tuple(
        Reason(
            feature=features[i],
            sentence=sentence_of(features[i], value=float(values[i])),
            contribution=round(float(contributions[i]), 4),
        )
        for i in chosen
    )
