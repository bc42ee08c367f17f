"""The lanes: shares of minutes come out as policy says, and nothing waits for ever."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas.review_policy import STANDARD_REVIEW_POLICY, LaneShares
from data.schemas.vocabulary import Lane
from service.domain.lanes import draw_lane, shares_of
from service.domain.second_looks import double_propensity
from service.scoring.coin import Coin
from tests.builders.decisions import decision
from tests.builders.service import case

SHARES = st.builds(
    LaneShares, audit=st.floats(0, 0.16), double=st.floats(0, 0.16), gold=st.floats(0, 0.16)
)
MINUTES = st.floats(0.25, 40.0)


@given(
    shares=SHARES | st.just(LaneShares(audit=0.0, double=5e-324, gold=0.0)),
    minutes=st.dictionaries(st.sampled_from(Lane), MINUTES, min_size=1),
    point=st.floats(0, 1, exclude_max=True),
)
def test_every_draw_names_a_lane_that_offers_something_with_its_true_probability(
    shares, minutes, point
):
    heads = {lane: case(id=f"C-{lane}", review_minutes=one) for lane, one in minutes.items()}
    lane, propensity = draw_lane(heads, shares=shares_of(shares), coin=lambda _: point)
    assert lane in heads
    assert 0.0 < propensity <= 1.0
    weights = {name: shares_of(shares)[name] / one for name, one in minutes.items()}
    if sum(weights.values()) > 0:
        assert propensity == pytest.approx(weights[lane] / sum(weights.values()))


@settings(max_examples=20, deadline=None)
@given(shares=SHARES, seed=st.integers(0, 2**32))
def test_minutes_come_out_as_the_shares_say_whatever_the_cases_take(shares, seed):
    chance, coin = random.Random(seed), Coin(seed.to_bytes(8, "big"))
    spent: Counter[Lane] = Counter()
    typical = {lane: chance.uniform(0.5, 12.0) for lane in Lane}
    for number in range(4_000):
        heads = {
            lane: case(id=f"C-{lane}-{number}", review_minutes=chance.uniform(0.5, 1.5) * mean)
            for lane, mean in typical.items()
        }
        lane, _ = draw_lane(heads, shares=shares_of(shares), coin=coin)
        spent[lane] += heads[lane].review_minutes
    total = sum(spent.values())
    for lane, share in shares_of(shares).items():
        assert spent[lane] / total == pytest.approx(share, abs=0.06)


def test_what_is_late_is_handed_out_however_much_better_work_waits():
    coin, late = Coin(b"seed"), [case(id=f"C-late-{n}", value_minor=1) for n in range(40)]
    taken = 0
    for number in range(2_000):
        heads = {Lane.INDEX: case(id=f"C-{number}", value_minor=10**9)}
        if late:
            heads[Lane.RETURNED] = late[0]
        lane, _ = draw_lane(heads, shares=shares_of(LaneShares()), coin=coin)
        if lane is Lane.RETURNED:
            late.pop(0)
            taken += 1
    assert taken == 40


@given(
    amount=st.integers(0, 10**9),
    shares=SHARES,
    lane=st.sampled_from(Lane),
)
def test_a_second_look_has_a_probability_and_none_follows_from_a_repeat(amount, shares, lane):
    one = case(amount_minor=amount, lane=lane)
    policy = STANDARD_REVIEW_POLICY.model_copy(update={"lanes": shares})
    propensity = double_propensity(one, decision(one), policy=policy)
    assert 0.0 <= propensity <= 1.0
    if lane not in {Lane.INDEX, Lane.AUDIT}:
        assert propensity == 0.0
