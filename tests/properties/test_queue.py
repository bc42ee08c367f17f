"""The order of the queue, for any cases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.queue import in_order
from tests.builders.service import case
from tests.fakes.clock import MONDAY_MORNING

CASES = st.lists(
    st.builds(
        case,
        id=st.integers(1, 999_999).map(lambda number: f"C-{number:06d}"),
        value_minor=st.integers(0, 25_000_000),
        doubt=st.floats(0, 1),
        review_minutes=st.floats(1, 60),
        currency=st.sampled_from(["EUR", "JPY", "KWD"]),
        opened_at=st.integers(0, 9).map(lambda days: MONDAY_MORNING + timedelta(days=days)),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(cases=CASES, seed=st.integers())
def test_order_depends_on_the_cases_alone(cases, seed):
    shuffled = list(cases)
    random.Random(seed).shuffle(shuffled)
    assert in_order(shuffled) == in_order(cases)


@given(cases=CASES)
def test_nothing_is_lost_and_nobody_waits_behind_a_lesser_case(cases):
    ordered = in_order(cases)
    assert sorted(one.id for one in ordered) == sorted(one.id for one in cases)
    worth = [one.worth for one in ordered]
    assert worth == sorted(worth, reverse=True)


@given(cases=CASES.filter(bool), more=st.integers(1, 10**9))
def test_more_money_at_stake_never_moves_a_doubtful_case_back(cases, more):
    last = in_order(cases)[-1]
    if last.doubt <= 0.05:
        return
    raised = replace(last, value_minor=last.value_minor + more)
    others = [one for one in cases if one.id != last.id]
    assert in_order([*others, raised]).index(raised) <= in_order(cases).index(last)
