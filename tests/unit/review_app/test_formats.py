from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from review_app import formats

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (123_456_789, "EUR", "EUR 1,234,567.89"),
        (5, "EUR", "EUR 0.05"),
        (-30_000, "EUR", "EUR (300.00)"),
        (0, "EUR", "EUR 0.00"),
        (1_234, "JPY", "JPY 1,234"),  # no minor unit
        (1_234, "KWD", "KWD 1.234"),  # a thousand fils
        (-7, "KWD", "KWD (0.007)"),
    ],
)
def test_money_shows_code_digits_and_parentheses(minor, currency, expected):
    assert formats.money(minor, currency=currency) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "0 h 00"), (59, "0 h 59"), (450, "7 h 30"), (-90, "−1 h 30")]
)
def test_hours_are_whole_minutes(minutes, expected):
    assert formats.hours(minutes) == expected


def test_dates_put_the_day_first_and_the_month_in_words():
    assert formats.day(date(2026, 3, 2)) == "Mon 2 Mar"
    assert formats.full_day(date(2026, 3, 2)) == "2 Mar 2026"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW, "29 Mar 2026, 01:30 CET"),
        (NOW + timedelta(hours=1), "29 Mar 2026, 03:30 CEST"),  # the clock jumped in between
    ],
)
def test_instants_are_shown_in_the_readers_zone_with_its_name(moment, expected):
    assert formats.instant(moment, zone=ZoneInfo("Europe/Vienna")) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(minutes=12), "due in 12 min"),
        (timedelta(minutes=119), "due in 119 min"),
        (timedelta(hours=5, minutes=59), "due in 5 h"),
        (timedelta(days=3), "due in 3 days"),
        (timedelta(hours=-3), "overdue by 3 h"),
    ],
)
def test_deadlines_read_as_a_distance(span, expected):
    assert formats.due(NOW + span, now=NOW) == expected


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.715, "72 %"), (0.999, "over 99 %"), (0.001, "under 1 %"), (1.0, "certain")],
)
def test_a_model_is_never_shown_as_certain(probability, expected):
    assert formats.percent(probability) == expected


def test_codes_read_as_words():
    assert formats.words("write_off") == "Write off"
    assert formats.words("senior-consultant") == "Senior consultant"
