"""The arithmetic of a certificate, in cases small enough to count."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from models.certificate import limits_of
from models.certify import CertifySettings, certify
from models.risk_tests import zero_error_sample
from models.segments import POOLED
from models.verify_certificate import verify
from tests.builders.bundles import certificate, provenance, world

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


def test_the_grid_and_the_stakes_follow_from_the_tune_slice_alone():
    tune, calibrate = world(400, seed=1), world(2_000, seed=2)
    one = certificates(tune, calibrate)["timesheet.regular"]
    other = replace(calibrate, is_violation=~calibrate.is_violation)
    refused = certificates(tune, other)["timesheet.regular"]
    assert (one.grid, one.stakes) == (refused.grid, refused.stakes)
    assert (one.amount_power, one.amount_scale) == (refused.amount_power, refused.amount_scale)
    assert one.is_granted
    assert not refused.is_granted


def test_the_first_set_is_large_enough_to_show_the_promise():
    for count in (800, 3_000):
        (one,) = certificates(world(400, seed=1), world(count, seed=2)).values()
        alpha = SETTINGS.target.alpha_money
        worth = one.steps[0].amount_reporting_minor / CAP
        assert one.steps[0].cases >= zero_error_sample(alpha=alpha, delta=one.delta)
        assert worth >= zero_error_sample(alpha=alpha, delta=one.delta)


def test_the_limit_falls_with_the_amount_and_ends_at_the_cap():
    one = certificate(
        threshold=0.02, amount_power=0.5, amount_scale=100_000.0, cap_reporting_minor=CAP
    )
    # At 50,000 the factor is sqrt((100 + 500) / (100 + 50)) = 2.
    assert one.limit_at(50_000.0) == pytest.approx(0.04)
    assert one.limit_at(CAP) == pytest.approx(0.02)
    assert math.isnan(one.limit_at(CAP + 1.0))
    assert math.isnan(one.limit_at(math.nan))
    amount = np.array([0.0, 50_000.0, CAP, CAP + 1.0, np.nan])
    assert np.allclose(
        one.limits(amount), limits_of([one] * 5, amounts=amount.tolist()), equal_nan=True
    )
    cleared = one.clears(np.full(5, 0.03), amount=amount)
    assert cleared.tolist() == [True, True, False, False, False]


def test_without_a_threshold_nothing_is_cleared():
    none = certificate(threshold=None)
    assert not none.clears(np.zeros(2), amount=np.zeros(2)).any()
    assert math.isnan(none.limit_at(1.0))


def test_without_a_tune_slice_nothing_is_certified():
    empty = world(400, seed=1).take(np.zeros(400, dtype=bool))
    (one,) = certificates(empty, world(1_500, seed=3)).values()
    assert (one.is_granted, one.grid) == (False, ())


def test_an_auditor_can_compute_a_certificate_again():
    calibrate = world(1_500, seed=3)
    for one in certificates(world(400, seed=1), calibrate).values():
        assert verify(one, calibrate=calibrate) is None


def test_an_auditor_finds_what_was_changed():
    calibrate = world(1_500, seed=3)
    one = certificates(world(400, seed=1), calibrate)["timesheet.regular"]

    def told(**changed):
        return verify(one.model_copy(update=changed), calibrate=calibrate)

    assert "the tests allow" in told(threshold=max(one.grid))
    assert "should have been" in told(steps=one.steps[:-1])
    assert "the record says" in told(
        steps=(one.steps[0].model_copy(update={"violations": 0, "p_cases": 0.0}), *one.steps[1:])
    )
    assert told(salt="another") is not None
    assert "strictest" in told(grid=one.grid[::-1])
    assert "stake" in told(stakes=one.stakes[:-1])
    labels = ~calibrate.is_violation
    assert verify(one, calibrate=replace(calibrate, is_violation=labels)) is not None


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
