"""Probabilities from signs: each sign moves the log-odds, so none ever reaches certainty."""

from __future__ import annotations

import math

import numpy as np

from models.columns import Floats


def log_odds(probability: float) -> float:
    """Give the log-odds of a probability between zero and one, both excluded."""
    return math.log(probability / (1.0 - probability))


def probability_of(odds: Floats) -> Floats:
    """Give the probabilities of log-odds."""
    result: Floats = 1.0 / (1.0 + np.exp(-odds))
    return result
