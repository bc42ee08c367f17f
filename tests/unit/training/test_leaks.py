"""The two leaks of a public log are found in copies of them, and honest columns are let be."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.builders.training_rows import tables
from training.leaks import find_leaks

ROWS = 2_000
NAMES = ("amount", "project", "lag", "number")
DAY_US = 86_400_000_000


@cache
def rows_of_any_kind():
    return tables(ROWS)[1]


def honest(*, seed=5, base_rate=0.15):
    """A table of four columns: the lag tells something, the others tell nothing."""
    generator = np.random.default_rng(seed)
    is_positive = generator.random(ROWS) < base_rate
    amount = np.round(generator.lognormal(6.0, 1.0, ROWS))
    project = generator.integers(0, 30, ROWS).astype(np.float64)
    lag = generator.normal(0.0, 1.0, ROWS) + 0.8 * is_positive
    number = generator.permutation(ROWS).astype(np.float64)
    table = rows_of_any_kind()
    return replace(
        table,
        features=np.column_stack([amount, project, lag, number]),
        is_positive=is_positive,
        assessed_us=np.arange(ROWS) * DAY_US,
    )


def changed(table, column, values):
    features = table.features.copy()
    features[:, NAMES.index(column)] = values
    return replace(table, features=features)


@pytest.mark.parametrize("seed", range(5))
def test_honest_columns_are_let_be(seed):
    assert find_leaks(honest(seed=seed), features=NAMES) == []


def test_amounts_overwritten_with_zero_are_found():
    table = honest()
    spoiled = np.flatnonzero(table.is_positive)[:120]  # AUC 0.7: too little for the rank alone
    amount = table.features[:, 0].copy()
    amount[spoiled] = 0.0
    (found,) = find_leaks(changed(table, "amount", amount), features=NAMES)
    assert found == "amount (at 0: 100% of 120 rows)"


def test_projects_that_stay_unknown_until_the_end_are_found_as_a_category():
    table = honest()
    spoiled = np.flatnonzero(table.is_positive)[:120]
    project = table.features[:, 1].copy()
    project[spoiled] = 17.5  # UNKNOWN, coded between other projects
    (found,) = find_leaks(changed(table, "project", project), features=NAMES)
    assert found.startswith("project (at 17.5")


def test_projects_that_stay_unknown_until_the_end_are_found_as_a_gap():
    table = honest()
    project = table.features[:, 1].copy()
    project[np.flatnonzero(table.is_positive)[:120]] = np.nan
    assert find_leaks(changed(table, "project", project), features=NAMES) == [
        "project (by being unknown)"
    ]


def test_a_column_that_ranks_the_outcome_is_found_once():
    table = honest()
    known = table.is_positive + np.random.default_rng(1).normal(0.0, 0.3, ROWS)
    assert find_leaks(changed(table, "lag", known), features=NAMES) == ["lag"]


def test_a_counter_that_grows_with_time_is_found_and_a_trend_is_not():
    table = honest()
    counter = np.arange(ROWS) + np.random.default_rng(2).integers(0, 20, ROWS)
    assert find_leaks(changed(table, "number", counter), features=NAMES) == [
        "number (grows with time)"
    ]
    trend = np.arange(ROWS) / ROWS + np.random.default_rng(2).normal(0.0, 0.3, ROWS)
    assert find_leaks(changed(table, "number", trend), features=NAMES) == []


def test_a_date_after_which_everything_is_late_is_no_odd_value():
    table = honest()
    days = np.round(np.random.default_rng(3).normal(10.0, 8.0, ROWS))
    late = replace(table, is_positive=table.is_positive | (days < 0.0))
    assert find_leaks(changed(late, "lag", days), features=NAMES) == []


def test_a_sign_that_decides_a_question_may_be_expected():
    table = honest()
    spoken = changed(table, "lag", table.is_positive * 1.0)
    assert find_leaks(spoken, features=NAMES) == ["lag"]
    assert find_leaks(spoken, features=NAMES, expected=frozenset({"lag"})) == []


def test_few_rows_prove_nothing():
    table = honest()
    few = table.take(np.arange(ROWS) < 20)
    known = changed(few, "lag", few.is_positive * 1.0)
    assert find_leaks(known, features=NAMES) == []
