"""Conformal bounds keep their word on items like those they were set on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.conformal import (
    conformal_quantile,
    covered,
    one_sided_scores,
    rolling_quantiles,
    two_sided_scores,
    widened,
)

SCORES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)
COVERAGE = st.floats(0.05, 0.95)


@given(scores=SCORES, coverage=COVERAGE)
def test_left_out_in_turn_every_score_but_the_promised_share_keeps_the_bound(scores, coverage):
    # Exchangeable means that any of the n + 1 scores may be the new one: count over all of them.
    values = np.array(scores)
    kept = sum(
        values[i] <= conformal_quantile(np.delete(values, i), coverage=coverage)
        for i in range(len(values))
    )
    assert kept >= math.floor(len(values) * coverage)
    assert kept >= coverage * len(values) - 1e-6


@given(scores=SCORES, coverage=COVERAGE, share=st.floats(0.0, 1.0))
def test_a_higher_coverage_never_has_a_lower_bound(scores, coverage, share):
    values = np.array(scores)
    lower = conformal_quantile(values, coverage=coverage * share)
    assert lower <= conformal_quantile(values, coverage=coverage)


def test_too_few_scores_promise_nothing():
    assert conformal_quantile(np.zeros(8), coverage=0.9) == math.inf
    assert conformal_quantile(np.zeros(9), coverage=0.9) == 0.0
    assert conformal_quantile(np.zeros(0), coverage=0.1) == math.inf


def test_intervals_that_cover_half_are_widened_until_they_cover_what_they_say():
    random = np.random.default_rng(5)
    seen, unseen = random.normal(size=1_500), random.normal(size=20_000)
    low, high = np.full(1_500, -0.67), np.full(1_500, 0.67)
    by = conformal_quantile(two_sided_scores(low, high, actual=seen), coverage=0.8)
    wide = widened(np.full(20_000, -0.67), np.full(20_000, 0.67), by=by)
    assert float(covered(*wide, actual=unseen).mean()) == pytest.approx(0.8, abs=0.03)


def test_an_upper_quantile_that_is_too_low_is_raised():
    random = np.random.default_rng(6)
    seen, unseen = random.exponential(10.0, 1_500), random.exponential(10.0, 20_000)
    shift = conformal_quantile(one_sided_scores(np.full(1_500, 3.0), actual=seen), coverage=0.9)
    assert float((unseen <= 3.0 + shift).mean()) == pytest.approx(0.9, abs=0.03)


@given(
    ends=st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 50)), min_size=1, max_size=20),
    by=st.floats(-80, 80),
)
def test_an_interval_never_turns_inside_out(ends, by):
    low = np.array([one for one, _ in ends])
    low, high = widened(low, low + np.array([width for _, width in ends]), by=by)
    assert np.all(low <= high)


@given(
    scores=st.lists(st.floats(-100, 100), min_size=1, max_size=40),
    last=st.integers(1, 40),
    data=st.data(),
)
def test_a_rolling_bound_looks_at_the_latest_known_scores_and_never_ahead(scores, last, data):
    values = np.array(scores)
    days = st.lists(st.integers(0, 20), min_size=len(scores), max_size=len(scores))
    known = np.array(data.draw(days), dtype=np.float64)
    moment = float(data.draw(st.integers(0, 21)))
    before = np.flatnonzero(known < moment)
    latest = before[np.argsort(known[before], kind="stable")][-last:]
    found = rolling_quantiles(values, known=known, at=np.array([moment]), last=last, coverage=0.6)
    assert found[0] == conformal_quantile(values[latest], coverage=0.6)


def test_a_rolling_bound_follows_a_change_that_a_fixed_one_misses():
    random = np.random.default_rng(7)
    size = np.where(np.arange(6_000) < 3_000, 1.0, 3.0)
    scores = np.abs(random.normal(size=6_000)) * size
    when = np.arange(6_000, dtype=np.float64)
    rolling = rolling_quantiles(scores, known=when, at=when, last=400, coverage=0.8)
    later = when >= 3_500
    assert float((scores <= rolling)[later].mean()) == pytest.approx(0.8, abs=0.03)
    fixed = conformal_quantile(scores[:3_000], coverage=0.8)
    assert float((scores <= fixed)[later].mean()) < 0.5
