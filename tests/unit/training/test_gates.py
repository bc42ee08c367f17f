"""What the gate lets through, and what it refuses and why."""

from __future__ import annotations

import numpy as np

from models.features.catalogue import FEATURE_NAMES
from tests.builders.training_rows import tables
from training.evaluate import Cleared, measure
from training.gates import HeadEvidence, Passed, Refused, judge

FIT, _ = tables(1_500, seed=1)
TEST, _ = tables(1_000, seed=2)


def good_scores():
    vague = TEST.features[:, FEATURE_NAMES.index("vague_share")]
    return np.where(vague > 0.8, 0.3, 0.01)


def evidence(*, probability=None, champion=None, fit=FIT, leaks=()):
    probability = good_scores() if probability is None else probability
    return HeadEvidence(
        name="violation", fit=fit, test=TEST, figures=measure(TEST, probability=probability),
        probability=probability, champion_probability=champion, leaks=leaks,
    )  # fmt: skip


def cleared(rows=None, wrong=0.0):
    rows = np.zeros(len(TEST), dtype=bool) if rows is None else rows
    return Cleared(
        is_cleared=rows, share_of_cases=0.0, share_of_money=0.0, wrong_share_of_cases=wrong,
        wrong_share_of_money=0.0, missed_leakage=0.0,
    )  # fmt: skip


def judged(head, *, promise=None, objections=()):
    return judge([head], cleared=promise or cleared(), alpha=0.05, objections=objections, seed=1)


def reasons(gate):
    assert isinstance(gate, Refused)
    return " | ".join(gate.reasons)


def test_the_first_bundle_passes_on_absolute_checks():
    assert isinstance(judged(evidence()), Passed)


def test_a_candidate_as_good_as_the_champion_passes():
    assert isinstance(judged(evidence(champion=good_scores())), Passed)


def test_a_worse_candidate_is_refused():
    worse = np.clip(good_scores() * 0.4 + 0.03, 0, 1)
    assert "worse than the champion" in reasons(
        judged(evidence(probability=worse, champion=good_scores()))
    )


def test_a_candidate_that_ranks_by_chance_is_refused():
    noise = np.random.default_rng(1).uniform(0.0, 0.1, len(TEST))
    found = reasons(judged(evidence(probability=noise)))
    assert "AUC" in found
    assert "base rate" in found


def test_a_candidate_that_overstates_is_refused():
    assert "calibration error" in reasons(judged(evidence(probability=good_scores() + 0.2)))


def test_too_few_rows_are_refused():
    few, _ = tables(60)
    assert "fewer than 300" in reasons(judged(evidence(fit=few)))


def test_a_leak_is_refused_by_name():
    assert "late_days alone tells the outcome" in reasons(judged(evidence(leaks=["late_days"])))


def test_objections_of_the_registry_are_kept():
    assert reasons(judged(evidence(), objections=("too low",))) == "too low"


def test_a_broken_promise_is_refused():
    positives = np.flatnonzero(TEST.is_positive)[:30]
    rows = np.zeros(len(TEST), dtype=bool)
    rows[:100] = True
    rows[positives] = True
    assert "was promised" in reasons(judged(evidence(), promise=cleared(rows)))


def test_a_few_faults_within_the_promise_are_fine():
    rows = ~TEST.is_positive
    assert isinstance(judged(evidence(), promise=cleared(rows)), Passed)
