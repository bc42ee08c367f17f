"""Response times run while the desk works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.review_policy import ReviewPolicy, TimeoutRule, WorkingHours
from data.schemas.vocabulary import ItemKind
from service.domain.deadlines import due_at, timeout_rule
from service.domain.working_hours import after_working_hours, shift_end

MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
VIENNA = WorkingHours(zone="Europe/Vienna", start_hour=8, end_hour=18)


def _at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-03-02T09:00", 2, "2026-03-02T11:00"),  # within Monday
        ("2026-03-02T16:00", 4, "2026-03-03T10:00"),  # two hours on Monday, two on Tuesday
        ("2026-03-06T17:00", 3, "2026-03-09T10:00"),  # over the weekend
        ("2026-03-02T03:00", 1, "2026-03-02T09:00"),  # before the shift
        ("2026-03-07T12:00", 16, "2026-03-10T14:00"),  # from Saturday: Monday, six on Tuesday
    ],
)
def test_hours_run_in_the_shifts_only(start, hours, expected):
    assert after_working_hours(_at(start), hours, desk=WorkingHours()) == _at(expected)


def test_a_shift_is_of_the_clock_on_the_wall_when_summer_time_begins():
    # On Sunday 29 March 2026 clocks in Vienna go forward: 8:00 is 7:00 UTC before, 6:00 after.
    friday = _at("2026-03-27T16:00")
    assert after_working_hours(friday, 2, desk=VIENNA) == _at("2026-03-30T07:00")
    assert shift_end(_at("2026-03-30T07:00"), desk=VIENNA) == _at("2026-03-30T16:00")


@given(
    start=MOMENTS,
    hours=st.integers(1, 200),
    more=st.integers(1, 50),
)
def test_more_hours_end_later_and_never_before_they_have_passed(start, hours, more):
    end = after_working_hours(start, hours, desk=VIENNA)
    assert end >= start + timedelta(hours=hours)
    assert after_working_hours(start, hours + more, desk=VIENNA) > end
    assert shift_end(start, desk=VIENNA) > start


RULES = ReviewPolicy(
    timeouts=(
        TimeoutRule(respond_hours=40),
        TimeoutRule(from_major=10_000, respond_hours=8),
        TimeoutRule(kind=ItemKind.MILESTONE, respond_hours=24),
    )
)


@pytest.mark.parametrize(
    ("kind", "major", "hours"),
    [
        (ItemKind.TIMESHEET, 9_999, 40),
        (ItemKind.TIMESHEET, 10_000, 8),
        (ItemKind.MILESTONE, 10_000, 24),  # its kind outranks its amount
    ],
)
def test_the_rule_of_a_kind_outranks_a_general_one_and_the_larger_amount_the_smaller(
    kind, major, hours
):
    rule = timeout_rule(RULES, kind=kind, amount_minor=major * 100, currency="EUR")
    assert rule.respond_hours == hours


def test_a_policy_without_a_fitting_rule_still_sets_a_date():
    policy = ReviewPolicy(timeouts=(TimeoutRule(from_major=1_000_000),))
    monday = _at("2026-03-02T08:00")
    due = due_at(monday, kind=ItemKind.TIMESHEET, amount_minor=1, currency="EUR", policy=policy)
    assert due == _at("2026-03-03T14:00")  # ten hours on Monday, six on Tuesday
