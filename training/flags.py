"""Where the word of a head becomes a finding: often enough right, and not too seldom said."""

from __future__ import annotations

import numpy as np

from models.columns import Floats
from training.dataset import RiskTable

WANTED_PRECISION = 0.5
"""A finding that is wrong more often than right wastes the reader's trust with his time."""
LEAST_PROBABILITY = 0.2
"""Nothing below it is worth saying, however rare the fault."""
FEWEST_FLAGGED = 10
"""Of fewer flagged rows a share of right ones says little."""


def flag_threshold(probability: Floats, *, table: RiskTable) -> float:
    """Give the lowest probability from which half of what is flagged is right, on a later slice.

    Where no threshold reaches that, the probability speaks for itself: one half.
    """
    order = np.argsort(-probability, kind="stable")
    weight = table.weight[order]
    right = np.cumsum(weight * table.is_positive[order])
    precision = right / np.cumsum(weight)
    flagged = np.arange(1, len(order) + 1)
    reached = np.flatnonzero((precision >= WANTED_PRECISION) & (flagged >= FEWEST_FLAGGED))
    if len(reached) == 0:
        return WANTED_PRECISION
    return max(LEAST_PROBABILITY, float(probability[order[reached[-1]]]))
