"""The past of an entity holds what was known before each decision, and nothing later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.outside.history import latest_events, open_now, past_outcomes
from training.outside.outcomes import Outcome

DAYS = st.integers(0, 60)
ROWS = st.lists(st.tuples(DAYS, st.integers(0, 40), st.integers(0, 2), st.booleans()),
                min_size=1, max_size=30)  # fmt: skip


def outcome(rows) -> tuple[Outcome, np.ndarray, np.ndarray]:
    decided = np.array([float(start) for start, *_ in rows])
    known = np.array([float(start + wait) for start, wait, *_ in rows])
    value = np.array([float(is_yes) for *_, is_yes in rows])
    entity = np.array([who for _, _, who, _ in rows], dtype=np.int64)
    return Outcome(name="late", value=value, told=known, known=known), entity, decided


@given(rows=ROWS)
def test_counts_and_latest_three_are_those_known_strictly_before(rows):
    told, entity, decided = outcome(rows)
    past = past_outcomes(told, entity=entity, decided=decided)
    for row in range(len(rows)):
        seen = [i for i in range(len(rows))
                if entity[i] == entity[row] and told.known[i] < decided[row]]  # fmt: skip
        seen.sort(key=lambda i: told.known[i])
        assert past["count"][row] == min(len(seen), 20)
        if seen:
            assert past["last_3"][row] == pytest.approx(told.value[seen[-3:]].mean())
            assert past["ago"][row] == decided[row] - told.known[seen[-1]]
        else:
            assert np.isnan(past["last_3"][row])


@given(rows=ROWS, day=DAYS)
def test_what_becomes_known_later_changes_nothing_that_was_told_before(rows, day):
    told, entity, decided = outcome(rows)
    value = np.where(told.known >= day, 1.0 - told.value, told.value)
    other = Outcome(name="late", value=value, told=told.told, known=told.known)
    early = decided <= day
    for compute in (past_outcomes, latest_events):
        first = compute(told, entity=entity, decided=decided)
        second = compute(other, entity=entity, decided=decided)
        for name in first:
            assert np.array_equal(first[name][early], second[name][early], equal_nan=True), name


@given(rows=ROWS)
def test_open_and_overdue_count_events_and_never_a_final_status(rows):
    told, entity, decided = outcome(rows)
    is_open_still = told.value == 1.0
    closed = np.where(is_open_still, np.nan, told.known)
    due, amount = decided + 10.0, np.arange(1.0, len(rows) + 1)
    found = open_now(entity=entity, decided=decided, closed=closed, due=due, amount=amount)
    over = np.where(is_open_still, np.inf, closed)
    for row in range(len(rows)):
        mine = entity == entity[row]
        is_open = mine & (decided < decided[row]) & ~(over < decided[row])
        assert found["open"][row] == is_open.sum()
        assert found["open_amount"][row] == pytest.approx(amount[is_open].sum())
        is_overdue = mine & (due < decided[row]) & ~(np.maximum(over, due) < decided[row])
        assert found["overdue"][row] == is_overdue.sum()


def test_a_history_that_looks_ahead_would_be_found():
    told, entity, decided = outcome([(0, 5, 0, True), (5, 5, 0, False), (6, 5, 0, False)])
    past = past_outcomes(told, entity=entity, decided=decided)
    # Known on day 5 is not known before a decision of day 5, but is before one of day 6.
    assert past["count"].tolist() == [0.0, 0.0, 1.0]
    ahead = past_outcomes(
        Outcome(name="late", value=told.value, told=told.told - 1, known=told.known - 1),
        entity=entity,
        decided=decided,
    )
    assert ahead["count"].tolist() != past["count"].tolist()
