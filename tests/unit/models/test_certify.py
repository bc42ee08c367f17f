"""The arithmetic of a certificate, in cases small enough to count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.certify import CertifySettings, certify, zero_error_sample
from models.segments import POOLED
from tests.builders.bundles import provenance, world

CAP = 500_000.0
SETTINGS = CertifySettings()


def certificates(tune, calibrate, settings=SETTINGS):
    given = certify(
        tune=tune, calibrate=calibrate, cap=CAP, settings=settings, provenance=provenance()
    )
    return {one.segment: one for one in given}


@pytest.mark.parametrize(
    ("alpha", "cases"),
    [
        (0.05, 59),  # ln 0.05 / ln 0.95 = 58.4
        (0.02, 149),  # ln 0.05 / ln 0.98 = 148.3
        (0.01, 299),  # ln 0.05 / ln 0.99 = 298.1
    ],
)
def test_the_zero_error_sample_is_the_one_of_the_binomial(alpha, cases):
    assert zero_error_sample(alpha=alpha, delta=0.05) == cases


def test_the_grid_comes_from_the_tune_slice_and_starts_where_there_is_power():
    tune, calibrate = world(400, seed=1), world(2_000, seed=2)
    one = certificates(tune, calibrate)["timesheet.regular"]
    in_scope = tune.score[tune.amount <= CAP]
    assert set(one.grid) <= set(in_scope.tolist())
    assert np.mean(in_scope <= min(one.grid)) >= one.start_quantile - 0.05
    looser = certificates(tune, calibrate, CertifySettings(start_factor=4.0))
    assert min(looser["timesheet.regular"].grid) > min(one.grid)


def test_testing_stops_at_the_first_failure():
    one = certificates(world(400, seed=1), world(1_500, seed=3))["timesheet.regular"]
    passes = [max(step.p_cases, step.p_money) <= one.delta for step in one.steps]
    assert False not in passes[:-1]
    assert one.threshold == max(
        step.threshold for step, passed in zip(one.steps, passes, strict=True) if passed
    )


def test_a_small_segment_is_pooled_and_left_to_people_if_the_pool_is_small_too():
    calibrate = world(1_500, seed=3)
    names = ["milestone.regular"] * 20 + ["timesheet.regular"] * 1_480
    tune = replace(world(400, seed=1), segment=("timesheet.regular",) * 400)
    found = certificates(tune, replace(calibrate, segment=tuple(names)))
    assert found["timesheet.regular"].is_granted
    assert found[POOLED].members == ("milestone.regular",)
    assert not found[POOLED].is_granted


def test_amounts_above_the_cap_take_no_part():
    calibrate = world(1_500, seed=3)
    huge = replace(calibrate, is_violation=calibrate.is_violation | (calibrate.amount > CAP))
    tune = world(400, seed=1)
    assert certificates(tune, huge) == certificates(tune, calibrate)


def test_audited_items_and_reviewed_items_are_brought_to_the_same_chance():
    # Low scores were audited at 10 %, the rest all reviewed: only a tenth of the rest may count.
    calibrate = world(6_000, seed=4)
    propensity = np.where(calibrate.score < 0.05, 0.1, 1.0)
    seen = np.random.default_rng(5).uniform(size=len(calibrate)) < propensity
    routed = replace(calibrate, propensity=propensity, era=("b1",) * 6_000).take(seen)
    one = certificates(world(400, seed=1), routed)
    steps = next(iter(one.values())).steps
    whole = next(iter(certificates(world(400, seed=1), calibrate).values()))
    share = steps[-1].cases / sum(calibrate.score <= steps[-1].threshold)
    assert share == pytest.approx(0.1, abs=0.03)
    assert len(whole.steps) > 0


def test_the_same_data_and_salt_give_the_same_certificate():
    tune, calibrate = world(400, seed=1), world(1_500, seed=3)
    assert certificates(tune, calibrate) == certificates(tune, calibrate)
