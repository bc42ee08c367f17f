"""The error of reviewers: recovered from pairs, shrunk where few, with an honest interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reviewers import ALL, FIELD_ERROR, UNSETTLED, errors_by_kind, pairs_checked


def pairs(count, *, error, kind="timesheet", seed=1, is_settled=True):
    """Blind pairs by reviewers who err independently; a third settles them rightly."""
    generator = np.random.default_rng(seed)
    truth = generator.uniform(size=count) < 0.2
    first, second = (truth ^ (generator.uniform(size=count) < error) for _ in range(2))
    settled = truth.astype(np.int64) if is_settled else np.full(count, UNSETTLED)
    return pairs_checked(
        np.array([kind] * count, dtype=object), is_first_yes=first, is_second_yes=second,
        settled=settled,
    )  # fmt: skip


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_known_error_is_recovered(is_settled):
    found = errors_by_kind(pairs(3_000, error=0.08, is_settled=is_settled))
    # Unsettled pairs do not show two who err alike: 0.08 * 0.92 of the reviews.
    expected = 0.08 if is_settled else 0.08 * 0.92
    assert found["timesheet"].share == pytest.approx(expected, abs=0.012)
    assert found["timesheet"].low < expected < found["timesheet"].high


def test_without_a_pair_the_figure_of_the_field_stands():
    found = errors_by_kind(pairs(0, error=0.1))
    assert found[ALL].share == pytest.approx(FIELD_ERROR)
    assert found[ALL].high - found[ALL].low > 0.1


def test_a_kind_with_few_pairs_leans_on_all_kinds():
    many, few = pairs(1_000, error=0.1), pairs(4, error=0.0, kind="milestone")
    both = type(many)(
        kind=np.concatenate([many.kind, few.kind]),
        reviews=np.concatenate([many.reviews, few.reviews]),
        wrong=np.concatenate([many.wrong, few.wrong]),
    )
    found = errors_by_kind(both)
    assert 0.06 < found["milestone"].share < found["timesheet"].share
    width = {name: one.high - one.low for name, one in found.items()}
    assert width["milestone"] > 2 * width["timesheet"]


@given(st.integers(0, 60), st.floats(0.0, 1.0), st.integers(0, 1_000))
def test_shares_lie_inside_their_intervals(count, error, seed):
    for one in errors_by_kind(pairs(count, error=error, seed=seed)).values():
        assert 0.0 <= one.low <= one.share <= one.high <= 1.0
