"""The two tests behind a certificate, by hand and at the edge where the promise just breaks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.risk_tests import (
    Target,
    best_stake,
    p_of_cases,
    p_of_money,
    power_of_cases,
    power_of_money,
)

ALPHA = 0.05
RUNS = 1_000
ITEMS = 600


def test_the_test_of_cases_is_the_tail_of_the_binomial():
    assert p_of_cases(0, of=59, alpha=0.05) == pytest.approx(0.95**59)
    assert p_of_cases(0, of=0, alpha=0.05) == 1.0


def test_faultless_money_wins_a_little_with_each_item():
    # Three items at half the cap, staked 0.8: (1 + 0.8 * 0.05 * 0.5) ** 3.
    p = p_of_money(np.zeros(3, dtype=bool), weight=np.full(3, 0.5), stake=0.8, alpha=0.05)
    assert p == pytest.approx(1.02**-3)
    assert p_of_money(np.zeros(0, dtype=bool), weight=np.zeros(0), stake=0.8, alpha=0.05) == 1.0


def test_the_largest_wealth_counts_and_a_late_fault_does_not_take_it_back():
    weight = np.ones(100)
    late = np.arange(100) == 99
    kept = p_of_money(late, weight=weight, stake=0.9, alpha=0.05)
    assert kept == pytest.approx(p_of_money(late[:99], weight=weight[:99], stake=0.9, alpha=0.05))


def chance_of_passing(wrong_of, *, stake, seed):
    """Share of samples that pass though exactly alpha of the money is wrong."""
    generator = np.random.default_rng(seed)
    weight = np.minimum(generator.lognormal(-1.2, 1.0, (RUNS, ITEMS)), 1.0)
    chance = wrong_of(weight)
    is_wrong = generator.uniform(size=weight.shape) < chance
    passed = [
        p_of_money(is_wrong[run], weight=weight[run], stake=stake, alpha=ALPHA) <= 0.05
        for run in range(RUNS)
    ]
    return float(np.mean(passed))


def at_alpha(chance, weight):
    """Scale a chance of being wrong so that alpha of the money is."""
    return np.minimum(chance * (ALPHA * weight.mean() / (chance * weight).mean()), 1.0)


@pytest.mark.parametrize(
    "wrong_of",
    [
        lambda weight: np.full(weight.shape, ALPHA),
        lambda weight: at_alpha(weight, weight),
        lambda weight: at_alpha((weight >= 1.0) * 1.0, weight),
        lambda weight: at_alpha((weight < 0.3) * 1.0, weight),
    ],
    ids=["anywhere", "with the amount", "only in the largest", "only in small ones"],
)
def test_money_that_is_just_wrong_enough_passes_in_at_most_delta_of_the_samples(wrong_of):
    for stake in (0.2, 0.5, 0.99):
        # 5 % promised; three errors of a share of 1,000 samples above it.
        assert chance_of_passing(wrong_of, stake=stake, seed=3) <= 0.05 + 3 * math.sqrt(
            0.05 * 0.95 / RUNS
        )


def test_the_same_harness_finds_a_test_that_takes_the_observed_share_at_its_word():
    generator = np.random.default_rng(3)
    weight = np.minimum(generator.lognormal(-1.2, 1.0, (RUNS, ITEMS)), 1.0)
    is_wrong = generator.uniform(size=weight.shape) < ALPHA
    observed = (weight * is_wrong).sum(axis=1) / weight.sum(axis=1)
    assert np.mean(observed <= ALPHA) > 0.3


@settings(max_examples=60, deadline=None)
@given(
    stake=st.floats(0.0, 0.99),
    alpha=st.floats(0.005, 0.3),
    weights=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30),
    place=st.integers(0, 29),
)
def test_one_more_fault_never_makes_a_set_look_safer(stake, alpha, weights, place):
    weight = np.array(weights)
    sound = np.zeros(len(weight), dtype=bool)
    faulty = sound.copy()
    faulty[place % len(weight)] = True
    with_fault = p_of_money(faulty, weight=weight, stake=stake, alpha=alpha)
    assert with_fault >= p_of_money(sound, weight=weight, stake=stake, alpha=alpha) - 1e-12
    assert 0.0 <= with_fault <= 1.0


def test_what_the_plan_expects_of_the_tests_is_about_what_they_do():
    target = Target(alpha_cases=ALPHA, alpha_money=ALPHA, delta=0.05)
    generator = np.random.default_rng(8)
    weight = np.minimum(generator.lognormal(-1.2, 1.0, (RUNS, ITEMS)), 1.0)
    is_wrong = generator.uniform(size=weight.shape) < 0.025
    squares = np.array([(weight[0] ** 2).sum()])
    stake = best_stake(squares, target=target)
    passed = [
        p_of_money(is_wrong[run], weight=weight[run], stake=float(stake[0]), alpha=ALPHA) <= 0.05
        for run in range(RUNS)
    ]
    expected = power_of_money(
        np.array([weight[0].sum()]), squares, risk=np.array([0.025]), stake=stake, target=target
    )
    assert float(np.mean(passed)) == pytest.approx(float(expected[0]), abs=0.12)
    cases = power_of_cases(np.array([600.0, 20.0]), risk=np.array([0.025, 0.025]), target=target)
    assert cases[0] == pytest.approx(0.9, abs=0.07)
    assert cases[1] == 0.0
