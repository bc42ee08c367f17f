"""The record of a guarantee: what was promised, from which data, by which tests, until when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from data.schemas.values import Name, Probability, Record, Sha256, UtcTime
from models.columns import Flags, Floats

Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0)]


class Provenance(Record):
    """Which model and which data a certificate speaks of."""

    model_sha256: Sha256
    data_sha256: Sha256
    tune_from: UtcTime
    tune_to: UtcTime
    calibrate_from: UtcTime
    calibrate_to: UtcTime
    certified_at: UtcTime


class TestStep(Record):
    """One threshold tried: errors among the selected cases, and the money they come to."""

    __test__ = False  # a word of statistics, not a class of tests

    threshold: Probability
    stake: Probability
    """The share of the wealth that was bet on the money, in units of the cap."""
    cases: Count
    violations: Count
    amount_reporting_minor: Amount
    wrong_reporting_minor: Amount
    p_cases: Probability
    p_money: Probability


class Certificate(Record):
    """With confidence 1 - delta, at most alpha of what is cleared below the limit is wrong.

    The limit is `threshold` for an amount at the cap and higher for smaller ones. The promise
    holds for cases and for money, while items stay exchangeable with the calibrate slice, up to
    `expires_at` and up to `expires_after_clears` items cleared by its whole bundle. Without a
    threshold nothing may be cleared.
    """

    segment: Name
    members: tuple[Name, ...]
    threshold: Probability | None
    amount_power: Annotated[float, Field(ge=0)] = 0.0
    """How fast the limit falls with the amount; 0 is one limit for all amounts."""
    amount_scale: Annotated[float, Field(gt=0)] = 1.0
    """Mean amount of the tune slice, in reporting minor units."""
    alpha_cases: Probability
    alpha_money: Probability
    delta: Probability
    margin: Probability
    """The tests were run at margin * alpha, to leave room for drift and for reviewers' misses."""
    reviewer_miss_rate: Probability
    cap_reporting_minor: Amount
    start_quantile: Annotated[float, Field(ge=0)]
    grid: tuple[Probability, ...]
    stakes: tuple[Probability, ...] = ()
    """What to bet at each threshold of the grid; fixed with it, before any label was seen."""
    salt: Name
    steps: tuple[TestStep, ...]
    share_of_cases: Probability
    """Share of the calibrate slice's cases in scope that the threshold clears."""
    share_of_money: Probability
    expires_at: UtcTime
    expires_after_clears: Count
    provenance: Provenance

    @property
    def is_granted(self) -> bool:
        """Whether anything may be cleared."""
        return self.threshold is not None

    def limits(self, amount: Floats) -> Floats:
        """Give the highest probability that may be cleared at each amount, in minor units.

        NaN where nothing may be: above the cap, at an unknown amount, without a threshold.
        """
        if self.threshold is None:
            return np.full(len(amount), np.nan)
        is_in_scope = amount <= self.cap_reporting_minor
        factor = limit_factor(
            np.where(is_in_scope, amount, self.cap_reporting_minor),
            power=self.amount_power,
            scale=self.amount_scale,
            cap=self.cap_reporting_minor,
        )
        limits: Floats = np.where(is_in_scope, np.minimum(self.threshold * factor, 1.0), np.nan)
        return limits

    def limit_at(self, amount_reporting_minor: float) -> float:
        """Give the highest probability that may be cleared at one amount; NaN where nothing may."""
        if self.threshold is None or not amount_reporting_minor <= self.cap_reporting_minor:
            return math.nan
        of_cap = (self.amount_scale + self.cap_reporting_minor) / (
            self.amount_scale + amount_reporting_minor
        )
        return float(min(self.threshold * of_cap**self.amount_power, 1.0))

    def clears(self, probability: Floats, *, amount: Floats) -> Flags:
        """Say of each item whether the promise covers clearing it."""
        cleared: Flags = probability <= self.limits(amount)
        return cleared


def limits_of(granted: Sequence[Certificate | None], *, amounts: Sequence[float | None]) -> Floats:
    """Give the limit of each item under its own certificate; NaN without one or an amount."""
    return np.array(
        [
            math.nan if one is None or amount is None else one.limit_at(amount)
            for one, amount in zip(granted, amounts, strict=True)
        ],
        dtype=np.float64,
    )


def limit_factor(amount: Floats, *, power: float, scale: float, cap: float) -> Floats:
    """How many times the threshold an amount may have: 1 at the cap, more below it."""
    factor: Floats = ((scale + cap) / (scale + amount)) ** power
    return factor
