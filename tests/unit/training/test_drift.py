"""Monitors are silent while the world stays, and speak when it was moved on purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.questions import Question
from data.schemas.vocabulary import Lane
from models.features.catalogue import FEATURE_NAMES
from tests.builders.bundles import bundle
from tests.builders.training_rows import START, reviewed_rows, training_row
from training.drift import needs_retraining, shifts, watch_drift
from training.monitors import agreement_of, seen_interval, share_chance, shift_of
from training.row_columns import columns_of

GENERATOR = np.random.default_rng(7)
BEFORE = GENERATOR.normal(size=(3_000, len(FEATURE_NAMES)))


def now(count=800, *, seed=1):
    return np.random.default_rng(seed).normal(size=(count, len(FEATURE_NAMES)))


def test_the_stability_index_is_the_textbook_sum():
    reference = np.repeat(np.arange(10.0), 100)
    recent = np.concatenate([np.repeat(np.arange(9.0), 100), np.full(100, 0.0)])
    # 0.1 of the mass went from the last bin to the first: 0.1 ln(0.2 / 0.1) in the first, and in
    # the last the half count that stands for none: (0.0005 - 0.1) ln(0.0005 / 0.1).
    expected = 0.1 * np.log(2) + (0.0005 - 0.1) * np.log(0.005)
    assert shift_of(reference, recent).psi == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(20))
def test_without_a_shift_no_feature_alarms(seed):
    drift = replace(EMPTY, features=shifts(BEFORE, now(seed=seed)))
    assert drift.moved_features == ()


@pytest.mark.parametrize(
    "move",
    [
        lambda column: column + 0.6,
        lambda column: column * 2.0,
        lambda column: np.where(np.arange(len(column)) % 4 == 0, np.nan, column),
    ],
    ids=["moved", "spread", "unknown"],
)
def test_a_planted_shift_of_one_feature_is_named(move):
    recent = now()
    recent[:, 3] = move(recent[:, 3])
    drift = replace(EMPTY, features=shifts(BEFORE, recent))
    assert drift.moved_features == (FEATURE_NAMES[3],)
    assert needs_retraining(drift) == ()  # one feature moves with the seasons


def test_many_features_together_are_another_business():
    recent = now()
    recent[:, :30] += 1.0
    (reason,) = needs_retraining(replace(EMPTY, features=shifts(BEFORE, recent)))
    assert "30 of" in reason


def test_a_few_rows_alarm_nobody():
    assert shifts(BEFORE, now(99) + 5.0) == {}


@given(st.integers(0, 100_000))
def test_a_sample_never_differs_from_itself(seed):
    values = np.random.default_rng(seed).normal(size=50)
    one = shift_of(values, values)
    assert one.psi == pytest.approx(0.0)
    assert one.ks == 0.0


def test_the_interval_of_a_share_covers_it_as_often_as_it_says():
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        seen, low, high = seen_interval(generator.uniform(size=150) < 0.1, weight=np.ones(150))
        assert low <= seen <= high
        covered += low <= 0.1 <= high
    assert 0.92 < covered / 400 < 0.99


def test_agreement_of_a_small_table_is_as_counted_by_hand():
    # 40 both yes, 45 both no, 5 and 10 apart: raw 0.85; chance 0.45 * 0.5 + 0.55 * 0.5 = 0.5.
    first = np.array([True] * 45 + [False] * 55)
    second = np.array([True] * 40 + [False] * 5 + [True] * 10 + [False] * 45)
    found = agreement_of(first, second)
    assert found.raw == pytest.approx(0.85)
    assert found.kappa == pytest.approx(0.7)
    # Gwet: yes 0.475, chance 2 * 0.475 * 0.525 = 0.49875.
    assert found.ac1 == pytest.approx((0.85 - 0.49875) / (1 - 0.49875))
    assert found.low < 0.7 < found.high


def test_rare_faults_break_kappa_and_not_ac1():
    first = np.zeros(200, dtype=bool)
    second = first.copy()
    first[:4], second[4:8] = True, True
    found = agreement_of(first, second)
    assert found.raw == pytest.approx(0.96)
    assert found.kappa < 0.0
    assert found.ac1 > 0.95


def test_shares_differ_by_chance_or_not():
    assert share_chance(before=(50, 1_000), now=(55, 1_000)) > 0.3
    assert share_chance(before=(50, 1_000), now=(120, 1_000)) < 1e-6
    assert share_chance(before=(0, 10), now=(0, 10)) == 1.0


DAYS = 400
ROWS = columns_of(reviewed_rows(3_000, days=DAYS))
EMPTY = watch_drift(columns_of([]), champion=bundle(), now=START)


def champion(stated):
    """The builder's bundle, fitted on the first half, whose every answer is replaced."""
    one = bundle(trained_from=START, trained_to=START + timedelta(days=200))
    return Says(one, stated=stated)


class Says:
    """A bundle that states what it is told to, of every question."""

    def __init__(self, one, *, stated):
        self.document, self.heads, self.stated = one.document, one.heads, stated

    def answers(self, table, **_):
        return {question: np.full(len(table), self.stated[question]) for question in self.stated}


TRUE = {Question.ANY_FAULT: 0.068, Question.MISSED_CUT_OFF: 0.185}


def watched(rows=ROWS, *, stated):
    return watch_drift(rows, champion=champion(stated), now=START + timedelta(days=DAYS))


def test_a_champion_that_states_what_comes_true_stays():
    drift = watched(stated=TRUE)
    assert drift.recent_rows > 300
    assert needs_retraining(drift) == ()


def test_a_champion_that_states_too_little_must_be_trained_again():
    reasons = needs_retraining(watched(stated=TRUE | {Question.ANY_FAULT: 0.02}))
    assert len(reasons) == 1
    assert reasons[0].startswith("any_fault: 2.0% was stated of")


def test_more_faults_than_before_are_told():
    says = ROWS.answers.copy()
    late = ROWS.assessed_us > ROWS.assessed_us[len(ROWS) * 2 // 3]
    fault = list(Question).index(Question.ANY_FAULT)
    worse = late & (says[:, fault] == 0) & (np.arange(len(ROWS)) % 6 == 0)
    says[worse, fault] = 1
    reasons = needs_retraining(watched(replace(ROWS, answers=says), stated=TRUE))
    assert any("the share of yes went from" in reason for reason in reasons)


def test_reviewers_who_disagree_are_a_matter_for_people():
    rows = []
    for number in range(60):
        for turn, rater in enumerate("ab"):
            rows.append(
                training_row(
                    item_id=f"test:D-{number}", rater=rater, lane=(Lane.INDEX, Lane.DOUBLE)[turn],
                    answers={Question.ANY_FAULT: (number + turn * (number % 2)) % 2 == 0},
                    assessed_at=START + timedelta(days=DAYS - 20),
                    known_at=START + timedelta(days=DAYS - 10 + turn),
                )
            )  # fmt: skip
    drift = watch_drift(columns_of(rows), champion=champion(TRUE), now=START + timedelta(days=DAYS))
    assert drift.agreement.pairs == 60
    assert "settle what counts as a fault first" in drift.warnings[0]
    assert needs_retraining(drift) == ()
