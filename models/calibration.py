"""Scores to probabilities: a Platt or beta curve, kept as three numbers, and only if it helps."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from scipy.optimize import minimize

from data.schemas.values import Record
from models.columns import Flags, Floats

EDGE = 1e-6
MIN_GAIN = 1e-4
"""Log-loss a curve must save on the later slice."""
FEWEST_POSITIVES = 30
"""In each slice: of 20 to 30 a curve made the error of calibration up to three times larger."""


class Curve(StrEnum):
    """The family of a calibrator."""

    PLATT = "platt"
    BETA = "beta"


class Calibrator(Record):
    """logit p' = a * ln p - b * ln(1 - p) + c; with a = b it is a Platt curve.

    a and b are never negative, so the order of scores never turns.
    """

    curve: Curve
    a: float
    b: float
    c: float

    def apply(self, probability: Floats) -> Floats:
        """Give calibrated probabilities."""
        low, high = _logs(probability)
        return _sigmoid(self.a * low - self.b * high + self.c)


def fit_calibrator(
    probability: Floats, *, is_positive: Flags, weight: Floats, curve: Curve
) -> Calibrator:
    """Fit a curve by weighted log-loss."""
    low, high = _logs(probability)
    target = is_positive.astype(np.float64)
    scale = weight / weight.sum()
    is_platt = curve is Curve.PLATT

    def loss(parameters: Floats) -> float:
        a, b, c = _shape(parameters, is_platt=is_platt)
        margin = a * low - b * high + c
        return float(np.sum(scale * (np.logaddexp(0.0, margin) - target * margin)))

    start = np.array([1.0, 0.0] if is_platt else [1.0, 1.0, 0.0])
    a, b, c = _shape(minimize(loss, start, method="Nelder-Mead").x, is_platt=is_platt)
    return Calibrator(curve=curve, a=a, b=b, c=c)


def choose_calibrator(
    *,
    fit: tuple[Floats, Flags, Floats],
    later: tuple[Floats, Flags, Floats],
) -> Calibrator | None:
    """Fit both curves on one slice, keep the better one only if it saves log-loss on a later one.

    Each slice is (probability, is_positive, weight). On small slices every calibrator can hurt, so
    none is fitted there. What helped is fitted again on both.
    """
    probability, is_positive, weight = fit
    if not all(FEWEST_POSITIVES <= int(one[1].sum()) < len(one[1]) for one in (fit, later)):
        return None
    candidates = [
        fit_calibrator(probability, is_positive=is_positive, weight=weight, curve=curve)
        for curve in Curve
    ]
    raw = log_loss(later[0], is_positive=later[1], weight=later[2])
    losses = [log_loss(one.apply(later[0]), is_positive=later[1], weight=later[2])
              for one in candidates]  # fmt: skip
    best = int(np.argmin(losses))
    if losses[best] >= raw - MIN_GAIN:
        return None
    scores, says, weights = (np.concatenate(both) for both in zip(fit, later, strict=True))
    return fit_calibrator(scores, is_positive=says, weight=weights, curve=candidates[best].curve)


def log_loss(probability: Floats, *, is_positive: Flags, weight: Floats) -> float:
    """Give the weighted mean log-loss in nats."""
    low, high = _logs(probability)
    losses = -np.where(is_positive, low, high)
    return float(np.sum(losses * weight) / np.sum(weight))


def _logs(probability: Floats) -> tuple[Floats, Floats]:
    inside = np.clip(probability, EDGE, 1.0 - EDGE)
    return np.log(inside), np.log1p(-inside)


def _shape(parameters: Floats, *, is_platt: bool) -> tuple[float, float, float]:
    a = abs(float(parameters[0]))
    b = a if is_platt else abs(float(parameters[1]))
    return a, b, float(parameters[-1])


def _sigmoid(margin: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(margin, -50.0, 50.0)))
    return result
