"""A line beside the trees: a logistic regression as plain coefficients, true to the same signs.

Where few items bear a yes, trees split on chance and a line does not; where many do, trees see what
a line cannot. A head is a weighted sum of both margins.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from pydantic import model_validator
from scipy.optimize import minimize

from data.schemas.values import ContradictionError, Record
from models.columns import Flags, Floats

TAIL = 0.005
"""Values beyond this quantile at either end count as it: one odd row must not turn a line."""
L2 = 3.0
"""Strength of the pull towards zero, on features of unit deviation."""
ITERATIONS = 200


class Line(Record):
    """Coefficients in the order of the head's features; an unknown value has one of its own."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    usual: tuple[float, ...]
    """Stands for an unknown value; a feature gives nothing at it."""
    slopes: tuple[float, ...]
    unknown: tuple[float, ...]
    intercept: float

    @model_validator(mode="after")
    def _is_even(self) -> Line:
        columns = (self.low, self.high, self.usual, self.slopes, self.unknown)
        if len({len(column) for column in columns}) != 1:
            raise ContradictionError(
                "has another length than its neighbours", field="slopes", value=len(self.slopes)
            )
        return self

    @cached_property
    def _columns(self) -> Floats:
        """The five as numbers, made once: one row is asked for at a time."""
        return np.array((self.low, self.high, self.usual, self.slopes, self.unknown))

    def __eq__(self, other: object) -> bool:
        """Two lines are the same by their fields; what was made of them is no part of it."""
        return isinstance(other, Line) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash((self.slopes, self.unknown, self.intercept))

    def parts(self, rows: Floats) -> Floats:
        """Give what each feature adds to the margin."""
        low, high, usual, slopes, unknown = self._columns
        told = (np.clip(rows, low, high) - usual) * slopes
        result: Floats = np.where(np.isnan(rows), unknown, told)
        return result

    def margins(self, rows: Floats) -> Floats:
        """Give log-odds."""
        result: Floats = self.parts(rows).sum(axis=1) + self.intercept
        return result


def fit_line(
    rows: Floats, *, is_positive: Flags, weight: Floats, signs: Sequence[int | None]
) -> Line:
    """Fit by weighted log-loss and L2; a slope never runs against its sign, None keeps it out."""
    low, high, usual = _range(rows)
    is_unknown = np.isnan(rows)
    centred = np.where(is_unknown, 0.0, np.clip(rows, low, high) - usual)
    scale = centred.std(axis=0)
    scale[scale == 0.0] = 1.0
    table = np.hstack([centred / scale, is_unknown.astype(np.float64)])
    found = _minimise(table, is_positive=is_positive, weight=weight, bounds=_bounds(signs, table))
    width = rows.shape[1]
    return Line(
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        usual=tuple(usual.tolist()),
        slopes=tuple((found[:width] / scale).tolist()),
        unknown=tuple(found[width:-1].tolist()),
        intercept=float(found[-1]),
    )


def _range(rows: Floats) -> tuple[Floats, Floats, Floats]:
    """The ends and the middle of each feature; zeros where nothing is known."""
    found = np.zeros((3, rows.shape[1]))
    for column in range(rows.shape[1]):
        known = rows[~np.isnan(rows[:, column]), column]
        if len(known):
            found[:, column] = np.quantile(known, [TAIL, 1.0 - TAIL, 0.5])
    return found[0], found[1], found[2]


def _bounds(signs: Sequence[int | None], table: Floats) -> list[tuple[float | None, float | None]]:
    slopes = [_bound(sign) for sign in signs]
    unknown = [(0.0, 0.0) if sign is None else (None, None) for sign in signs]
    assert len(slopes) + len(unknown) == table.shape[1]  # noqa: S101 - one of each for a feature
    return [*slopes, *unknown, (None, None)]


def _bound(sign: int | None) -> tuple[float | None, float | None]:
    if sign is None:
        return 0.0, 0.0
    return (0.0 if sign > 0 else None, 0.0 if sign < 0 else None)


def _minimise(
    table: Floats,
    *,
    is_positive: Flags,
    weight: Floats,
    bounds: list[tuple[float | None, float | None]],
) -> Floats:
    target = is_positive.astype(np.float64)

    def loss(found: Floats) -> tuple[float, Floats]:
        margin = table @ found[:-1] + found[-1]
        off = weight * (1.0 / (1.0 + np.exp(-np.clip(margin, -50.0, 50.0))) - target)
        total = float(np.sum(weight * (np.logaddexp(0.0, margin) - target * margin)))
        gradient = np.append(table.T @ off + L2 * found[:-1], off.sum())
        return total + L2 / 2.0 * float(np.sum(found[:-1] ** 2)), gradient

    start = np.zeros(table.shape[1] + 1)
    share = float(np.average(target, weights=weight))
    start[-1] = np.log(share / (1.0 - share))
    given = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": ITERATIONS}
    )
    return np.asarray(given.x, dtype=np.float64)
