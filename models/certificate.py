"""The record of a guarantee: what was promised, from which data, by which tests, until when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.schemas.values import Name, Probability, Record, Sha256, UtcTime

Count = Annotated[int, Field(ge=0)]


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
    """One threshold tried: errors among all selected cases, and among those drawn by money."""

    __test__ = False  # a word of statistics, not a class of tests

    threshold: Probability
    cases: Count
    violations: Count
    cases_drawn: Count
    violations_drawn: Count
    p_cases: Probability
    p_money: Probability


class Certificate(Record):
    """With confidence 1 - delta, at most alpha of what is cleared below `threshold` is wrong.

    It holds for cases and for money, while items stay exchangeable with the calibrate slice,
    up to `expires_at` and up to `expires_after_clears` items cleared by its whole bundle. Without
    a threshold nothing may be cleared.
    """

    segment: Name
    members: tuple[Name, ...]
    threshold: Probability | None
    alpha_cases: Probability
    alpha_money: Probability
    delta: Probability
    margin: Probability
    """The tests were run at margin * alpha, to leave room for drift and for reviewers' misses."""
    reviewer_miss_rate: Probability
    cap_reporting_minor: Annotated[float, Field(ge=0)]
    start_quantile: Annotated[float, Field(ge=0)]
    grid: tuple[Probability, ...]
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
