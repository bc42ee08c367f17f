"""Approvers' desks: one item after the other, in office hours, never on a holiday."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.firm.calendars import is_working_day
from data.firm.inbox import CLOSING, OPENING, Task, after_work, next_open, work_through

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHRISTMAS_EVE = datetime(2025, 12, 24, 17, 30, tzinfo=UTC)


def task(number, *, asked_at=MONDAY, approver="P-1", minutes=30.0, office_days=0.0, follows=None):
    return Task(
        key=("sheet", number),
        approver_id=approver,
        country="DE",
        asked_at=asked_at,
        office_days=office_days,
        minutes=minutes,
        follows=follows,
    )


def done_times(tasks, *, until_received=timedelta(minutes=5)):
    done = {}

    def sign(one, at):
        done[one.key] = at
        return at + until_received

    work_through(tasks, sign=sign)
    return done


def test_a_busier_approver_is_slower():
    quiet = done_times([task(1)])
    busy = done_times([task(number) for number in range(1, 31)])
    assert quiet["sheet", 1] == MONDAY + timedelta(minutes=30)
    assert max(busy.values()) == datetime(2026, 3, 3, 14, 0, tzinfo=UTC)  # 15 h from Monday, 9:00


def test_one_approver_does_not_wait_for_another():
    done = done_times([task(1, approver="P-1"), task(2, approver="P-2")])
    assert done["sheet", 1] == done["sheet", 2]


def test_nobody_signs_on_a_holiday():
    assert after_work(CHRISTMAS_EVE, minutes=60, country="DE").date().isoformat() == "2025-12-29"


def test_a_follow_up_is_looked_at_after_the_sheet_it_follows_has_arrived():
    slow, after = task(1, office_days=9.0), task(2, follows=("sheet", 1))
    done = done_times([after, slow], until_received=timedelta(days=3))
    assert done["sheet", 2] > done["sheet", 1] + timedelta(days=3)


@pytest.mark.parametrize("country", ["DE", "US", "FR"])
@given(start=st.integers(-600_000, 400_000), minutes=st.floats(1, 2_000))
@settings(max_examples=60, deadline=None)
def test_work_ends_in_office_hours_after_it_began(country, start, minutes):
    begun = MONDAY + timedelta(minutes=start)
    done = after_work(begun, minutes=minutes, country=country)
    assert done >= begun + timedelta(minutes=round(minutes))
    assert OPENING <= done.hour < CLOSING
    assert is_working_day(country, done.date())
    assert next_open(done, country=country) == done


@given(
    st.lists(
        st.tuples(st.integers(0, 5_000), st.floats(1, 300), st.floats(0, 5)),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_an_approver_is_never_at_two_items_at_once(drawn):
    tasks = [
        task(n, asked_at=MONDAY + timedelta(minutes=ask), minutes=minutes, office_days=days)
        for n, (ask, minutes, days) in enumerate(drawn)
    ]
    done = done_times(tasks)
    assert set(done) == {one.key for one in tasks}
    order = sorted(tasks, key=lambda one: done[one.key])
    for first, second in pairwise(order):
        spent = timedelta(minutes=round(second.minutes))
        assert done[second.key] - done[first.key] >= spent
