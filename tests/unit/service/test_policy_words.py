"""The review policy in words, and what it asks of the cases that are open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from data.definitions import DEFINITIONS
from data.policy_words import changes, definition_name, in_words, value
from data.schemas.approval_policy import ApprovalPolicy
from data.schemas.review_policy import (
    STANDARD_REVIEW_POLICY,
    LaneShares,
    ReviewPolicy,
    TimeoutRule,
    WorkingHours,
)
from data.schemas.vocabulary import ItemKind, Lane, TimeoutAction
from service.domain.policy_effect import OpenWork, counted
from tests.fakes.clock import MONDAY_MORNING


def test_every_limit_of_the_policy_stands_in_words_with_its_meaning():
    told = {limit.path.partition(".")[0] for limit in in_words(STANDARD_REVIEW_POLICY)}
    assert told == set(ReviewPolicy.model_fields)
    parts = {limit.path for limit in in_words(STANDARD_REVIEW_POLICY) if "." in limit.path}
    assert parts == {
        *(f"lanes.{name}" for name in LaneShares.model_fields),
        *(f"approvals.{name}" for name in ApprovalPolicy.model_fields),
    }
    assert all(definition_name(one.path) in DEFINITIONS for one in in_words(ReviewPolicy()))


def test_limits_read_as_people_say_them():
    policy = ReviewPolicy(
        working_hours=WorkingHours(zone="Europe/Vienna", start_hour=9, end_hour=17),
        timeouts=(
            TimeoutRule(),
            TimeoutRule(
                kind=ItemKind.EXPENSE_REPORT, from_major=10_000, respond_hours=8,
                on_timeout=TimeoutAction.HOLD_INVOICE,
            ),
        ),
    )  # fmt: skip
    told = {one.path: one.value for one in in_words(policy)}
    assert told["own_call_share"] == "10 %"
    assert told["is_trainee_seconded"] == "yes"
    assert told["working_hours"] == "Mon, Tue, Wed, Thu, Fri, 9:00 to 17:00, Europe/Vienna"
    assert told["timeouts"] == (
        "every kind: 16 working hours, then escalate; "
        "expense report from 10,000: 8 working hours, then hold invoice"
    )


policies = st.builds(
    ReviewPolicy,
    four_eyes_major=st.integers(0, 100_000),
    own_call_share=st.sampled_from([0.0, 0.1, 0.5]),
    is_trainee_seconded=st.booleans(),
    lanes=st.builds(LaneShares, audit=st.floats(0, 0.2), double=st.just(0.1), gold=st.just(0.1)),
)


@given(policies, policies)
def test_changes_name_exactly_what_differs(before, after):
    found = {one.path for one in changes(before, after)}
    assert found == {one.path for one in changes(after, before)}
    assert (not found) == (before == after)
    for limit in in_words(before):
        differs = value(before, limit.path) != value(after, limit.path)
        assert (limit.path in found) == differs


def test_no_limit_is_a_part_that_nobody_can_read():
    for limit in in_words(STANDARD_REVIEW_POLICY):
        found = value(STANDARD_REVIEW_POLICY, limit.path)
        assert not isinstance(found, BaseModel) or isinstance(found, WorkingHours)
        assert "object" not in limit.value


def work(**overrides):
    given = {
        "kind": ItemKind.TIMESHEET,
        "lane": Lane.INDEX,
        "amount_minor": 1_000_00,
        "currency": "EUR",
        "doubt": 0.3,
        "opened_at": MONDAY_MORNING,
    }
    return OpenWork(**(given | overrides))


@pytest.mark.parametrize(
    ("overrides", "four_eyes"),
    [
        ({"amount_minor": 49_999_99}, 0),
        ({"amount_minor": 50_000_00}, 1),
        ({"amount_minor": 50_000, "currency": "JPY"}, 1),  # a yen has no smaller unit
        ({"amount_minor": 30_000_00, "doubt": 0.89}, 0),
        ({"amount_minor": 30_000_00, "doubt": 0.9}, 1),  # against a sure model
        ({"amount_minor": 60_000_00, "lane": Lane.GOLD}, 0),  # moves no money
    ],
)
def test_large_money_and_overrides_of_a_sure_model_need_a_second_person(overrides, four_eyes):
    found = counted([work(**overrides)], policy=STANDARD_REVIEW_POLICY, now=MONDAY_MORNING)
    assert found.four_eyes == four_eyes


def test_a_shorter_response_time_makes_open_cases_late():
    now = MONDAY_MORNING + timedelta(hours=5)
    strict = ReviewPolicy(timeouts=(TimeoutRule(respond_hours=2),))
    assert counted([work()], policy=STANDARD_REVIEW_POLICY, now=now).late == 0
    assert counted([work()], policy=strict, now=now).late == 1
