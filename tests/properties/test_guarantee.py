"""The promise of a certificate, in worlds where the truth is known; and the order of the policy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.vocabulary import Lane, Route
from models.certify import CertifySettings, certify
from models.policy import PolicyColumns, PolicySettings, decide
from tests.builders.bundles import provenance, world

WORLDS = 120
CAP = 500_000.0
TRUE_SIZE = 40_000
WHOLE_ALPHA = CertifySettings(margin=1.0, reviewer_miss_rate=0.0)
"""Tests at the full alpha: the margin would hide a broken test."""


def granted_threshold(*, seed, settings=WHOLE_ALPHA, count=1_500, **kwargs):
    (certificate,) = certify(
        tune=world(400, seed=seed + 10_000, **kwargs),
        calibrate=world(count, seed=seed, **kwargs),
        cap=CAP,
        settings=settings,
        provenance=provenance(),
    )
    return certificate.threshold


def true_risks(threshold, truth):
    cleared = (truth.score <= threshold) & (truth.amount <= CAP)
    wrong = cleared & truth.is_violation
    return wrong.sum() / cleared.sum(), truth.amount[wrong].sum() / truth.amount[cleared].sum()


def test_a_certificate_breaks_its_promise_in_at_most_delta_of_the_worlds():
    truth = world(TRUE_SIZE, seed=999)
    thresholds = [granted_threshold(seed=seed) for seed in range(WORLDS)]
    granted = [one for one in thresholds if one is not None]
    broken = sum(max(true_risks(one, truth)) > WHOLE_ALPHA.alpha_cases for one in granted)
    assert len(granted) > WORLDS / 2
    # At most 5 % may break; 12 of 120 would happen by chance once in a hundred runs.
    assert broken <= 12


def test_scores_that_are_noise_certify_nothing():
    thresholds = []
    for seed in range(40):
        calibrate = world(1_500, seed=seed)
        noise = np.random.default_rng(seed).permutation(calibrate.is_violation)
        (certificate,) = certify(
            tune=world(400, seed=seed + 10_000),
            calibrate=with_labels(calibrate, noise),
            cap=CAP,
            settings=CertifySettings(),
            provenance=provenance(),
        )
        thresholds.append(certificate.threshold)
    assert thresholds == [None] * 40


def with_labels(rows, labels):
    return replace(rows, is_violation=labels)


def test_when_faults_triple_among_the_sure_ones_the_certificate_is_refused():
    def tripled(seed):
        rows = world(1_500, seed=seed)
        more = np.random.default_rng(seed).uniform(size=len(rows)) < 0.06
        return with_labels(rows, rows.is_violation | more)

    for seed in range(20):
        (certificate,) = certify(
            tune=world(400, seed=seed + 10_000),
            calibrate=tripled(seed),
            cap=CAP,
            settings=CertifySettings(),
            provenance=provenance(),
        )
        assert certificate.threshold is None


def test_a_faultless_world_is_cleared_whole():
    rows = world(1_500, seed=1)
    (certificate,) = certify(
        tune=world(400, seed=2),
        calibrate=with_labels(rows, np.zeros(len(rows), dtype=bool)),
        cap=CAP,
        settings=CertifySettings(),
        provenance=provenance(),
    )
    assert certificate.threshold == max(certificate.grid)
    assert certificate.share_of_cases > 0.95


probabilities = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2)


@pytest.mark.parametrize("coin", [0.0, 0.5])
@given(
    pair=probabilities,
    threshold=st.floats(0.0, 1.0) | st.just(float("nan")),
    amount=st.floats(0.0, 2_000_000.0) | st.just(float("nan")),
    critical=st.booleans(),
    other=st.booleans(),
    suspected=st.booleans(),
)
def test_a_higher_probability_never_moves_towards_clearing(
    coin, pair, threshold, amount, critical, other, suspected
):
    lower, higher = sorted(pair)
    columns = PolicyColumns(
        is_unready=np.array([False] * 2),
        has_critical=np.array([critical] * 2),
        has_other=np.array([other] * 2),
        is_suspected=np.array([suspected] * 2),
        probability=np.array([lower, higher]),
        amount=np.array([amount] * 2),
        threshold=np.array([threshold] * 2),
        clears_left=np.array([np.inf] * 2),
        coin=np.array([coin] * 2),
    )
    routing = decide(columns, settings=PolicySettings(cap_reporting_minor=1_000_000.0))
    if routing.route[1] is Route.AUTO_CLEAR:
        assert routing.route[0] is Route.AUTO_CLEAR
    assert (routing.propensity > 0).all()
    for route, lane in zip(routing.route, routing.lane, strict=True):
        assert (lane is None) == (route is not Route.REVIEW and coin >= 0.05)
        assert lane in {None, Lane.INDEX, Lane.AUDIT}
