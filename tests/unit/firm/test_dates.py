"""The firm's calendar."""

from datetime import UTC, date, datetime

import pytest

from data.firm.chance import Chance
from data.firm.dates import cut_off_at, in_office_hours, is_month_end, month_end, months_before


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_month_end_is_the_last_day_of_the_month(day, end):
    assert month_end(day) == end


def test_twelve_months_up_to_october_open_in_november():
    assert months_before(date(2026, 10, 31), months=12) == date(2025, 11, 1)


def test_december_is_cut_off_in_january():
    assert cut_off_at(date(2025, 12, 31)) == datetime(2026, 1, 10, 18, tzinfo=UTC)


def test_a_week_across_two_months_is_a_month_end():
    assert is_month_end(date(2026, 3, 30))
    assert not is_month_end(date(2026, 3, 9))


@pytest.mark.parametrize("hour", [2, 12, 23])
@pytest.mark.parametrize("day", [6, 7, 8, 9])
def test_nobody_signs_at_night_or_at_the_weekend_or_before_being_asked(day, hour):
    asked_at = datetime(2026, 3, day, hour, tzinfo=UTC)
    signed_at = in_office_hours(asked_at, chance=Chance("approvals", seed=1))
    assert signed_at > asked_at
    assert signed_at.weekday() < 5
    assert 8 <= signed_at.hour <= 18
