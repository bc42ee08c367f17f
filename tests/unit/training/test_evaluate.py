"""Figures on a later slice, in cases small enough to count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from models.columns import UTC_EPOCH
from tests.builders.bundles import certificate
from tests.builders.training_rows import tables
from training.baseline import fit_baseline
from training.evaluate import calibration_error, clear, measure, measure_slices
from training.leaks import find_leaks


def test_a_perfect_ranking_has_an_auc_of_one():
    table, _ = tables(200)
    figures = measure(table, probability=np.where(table.is_positive, 0.9, 0.1))
    assert figures["auc"] == 1.0
    assert figures["pr_auc"] == 1.0
    assert figures["brier"] == pytest.approx(0.01)


def test_without_positives_there_is_a_base_rate_and_nothing_else():
    table, _ = tables(100)
    none = replace(table, is_positive=np.zeros(100, dtype=bool))
    assert measure(none, probability=np.full(100, 0.1)) == {
        "rows": 100.0, "positives": 0.0, "base_rate": 0.0,
    }  # fmt: skip


def test_the_calibration_error_is_the_gap_between_stated_and_seen():
    is_positive = np.array([True] * 20 + [False] * 80)
    stated = np.full(100, 0.5)
    error = calibration_error(stated, is_positive=is_positive, weight=np.ones(100))
    # Equal scores fill the bins in order: 2 bins of faults (gap 0.5) and 8 without (gap 0.5).
    assert error == pytest.approx(0.5)


def test_what_is_cleared_is_counted_in_cases_and_in_money():
    table, _ = tables(4)
    rows = replace(
        table,
        amount=np.array([100.0, 300.0, 500.0, 100.0]),
        is_positive=np.array([True, False, True, False]),
        propensity=np.array([1.0, 1.0, 1.0, 0.5]),
    )
    cleared = clear(
        rows,
        probability=np.array([0.1, 0.1, 0.9, 0.1]),
        certificates=(certificate(threshold=0.2),),
        cap=1_000.0,
    )
    # The last row stands for two: 4 of 5 cases; money 100 + 300 + 2 x 100 of 1,100.
    assert cleared.share_of_cases == pytest.approx(4 / 5)
    assert cleared.share_of_money == pytest.approx(600 / 1_100)
    assert cleared.wrong_share_of_cases == pytest.approx(1 / 4)
    assert cleared.wrong_share_of_money == pytest.approx(100 / 600)
    assert cleared.missed_leakage == pytest.approx(100 / 600)


def test_nothing_is_cleared_above_the_cap_or_without_a_certificate():
    table, _ = tables(50)
    low = np.zeros(50)
    assert not clear(table, probability=low, certificates=(), cap=1e9).is_cleared.any()
    one = (certificate(),)
    assert not clear(table, probability=low, certificates=one, cap=1.0).is_cleared.any()


def test_slices_are_segments_months_newcomers_and_clients_with_enough_rows():
    table, _ = tables(600)
    found = measure_slices(table, probability=np.full(600, 0.1), fewest=50)
    assert {"timesheet.regular", "month.2026-02", "client.slow", "client.prompt"} <= set(found)
    assert found["month.2026-02"]["rows"] == sum(1 for us in table.assessed_us if february(us))
    assert measure_slices(table, probability=np.full(600, 0.1), fewest=700) == {}


def february(us):
    return (UTC_EPOCH + timedelta(microseconds=int(us))).month == 2


def test_the_regression_gives_the_same_answers_from_its_coefficients():
    table, _ = tables(600)
    rows = table.features.copy()
    rows[::5, 3] = np.nan
    baseline = fit_baseline(rows, is_positive=table.is_positive, weight=table.weight)
    answers = baseline.probabilities(rows)
    assert measure(table, probability=answers)["auc"] > 0.6
    # A logistic regression with an intercept reproduces the base rate.
    assert answers.mean() == pytest.approx(table.is_positive.mean(), abs=0.01)


def test_a_feature_that_knows_the_outcome_is_found():
    table, _ = tables(400)
    names = tuple(f"f{i}" for i in range(table.features.shape[1]))
    assert find_leaks(table, features=names) == []
    leaking = table.features.copy()
    leaking[:, 2] = -1.0 * table.is_positive
    leaking[:, 4] = np.where(table.is_positive, np.nan, 0.5)
    found = find_leaks(replace(table, features=leaking), features=names)
    assert found == ["f2", "f4 (by being unknown)"]


def test_a_column_that_is_hardly_ever_known_does_not_blow_the_regression_up():
    table, _ = tables(600)
    rows = table.features.copy()
    rows[:, 3] = np.nan
    rows[:10, 3] = np.linspace(1.0, 2.0, 10)
    baseline = fit_baseline(rows, is_positive=table.is_positive, weight=table.weight)
    later = table.features.copy()
    later[:, 3] = 1e9
    assert np.abs(baseline.columns(later)).max() <= 5.0
    assert measure(table, probability=baseline.probabilities(later))["auc"] > 0.6
