"""A calibrator mends what is bent, and is left out where it would only add noise."""

from __future__ import annotations

import numpy as np
import pytest

from models.calibration import Calibrator, Curve, choose_calibrator, fit_calibrator, log_loss


def slice_of(count, *, seed, bent):
    generator = np.random.default_rng(seed)
    truth = generator.beta(1.0, 6.0, count)
    stated = 1 / (1 + np.exp(-2.0 * np.log(truth / (1 - truth)))) if bent else truth
    return stated, generator.uniform(size=count) < truth, np.ones(count)


def test_overconfident_scores_are_bent_back():
    chosen = choose_calibrator(
        fit=slice_of(3_000, seed=1, bent=True), later=slice_of(3_000, seed=2, bent=True)
    )
    assert chosen is not None
    stated, is_positive, weight = slice_of(3_000, seed=3, bent=True)
    before = log_loss(stated, is_positive=is_positive, weight=weight)
    assert log_loss(chosen.apply(stated), is_positive=is_positive, weight=weight) < before - 0.01
    assert chosen.a == pytest.approx(0.5, abs=0.1)


def test_honest_scores_are_left_alone():
    chosen = [
        choose_calibrator(
            fit=slice_of(150, seed=seed, bent=False), later=slice_of(3_000, seed=99, bent=False)
        )
        for seed in range(5)
    ]
    assert chosen.count(None) >= 4


def test_a_curve_is_not_fitted_on_a_handful_of_yeses():
    chosen = [
        choose_calibrator(
            fit=slice_of(150, seed=seed, bent=True), later=slice_of(150, seed=99, bent=True)
        )
        for seed in range(5)
    ]
    assert chosen == [None] * 5


def test_one_kind_of_label_gives_no_calibrator():
    stated, is_positive, weight = slice_of(100, seed=1, bent=True)
    none = np.zeros_like(is_positive)
    assert choose_calibrator(fit=(stated, none, weight), later=(stated, none, weight)) is None


@pytest.mark.parametrize("curve", list(Curve))
def test_a_calibrator_keeps_the_order_of_scores(curve):
    stated, is_positive, weight = slice_of(500, seed=4, bent=True)
    calibrator = fit_calibrator(stated, is_positive=is_positive, weight=weight, curve=curve)
    ordered = calibrator.apply(np.linspace(0.0, 1.0, 200))
    assert (np.diff(ordered) >= 0).all()
    assert Calibrator.model_validate_json(calibrator.model_dump_json()) == calibrator
