from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from review_app import formats, reader

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


def test_one_case_is_no_cases():
    assert [formats.cases(number) for number in (0, 1, 1_200)] == [
        "0 cases",
        "1 case",
        "1,200 cases",
    ]


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


@pytest.mark.parametrize(
    ("tag", "money", "day", "clock"),
    [
        ("en-GB", "EUR (1,234,567.89)", "2 Mar 2026", "14:30"),
        ("en-US", "EUR (1,234,567.89)", "Mar 2, 2026", "2:30\u202fPM"),
        ("de-AT", "EUR (1.234.567,89)", "2. März 2026", "14:30"),
        ("fr-FR", "EUR (1\u202f234\u202f567,89)", "2 mars 2026", "14:30"),
    ],
)
def test_figures_and_dates_follow_the_readers_locale(tag, money, day, clock):
    locale, moment = reader.known_locale(tag), datetime(2026, 3, 2, 13, 30, tzinfo=UTC)

    assert formats.money(-123_456_789, currency="EUR", locale=locale) == money
    assert formats.full_day(moment, locale=locale) == day
    assert formats.clock(moment, zone=ZoneInfo("Europe/Vienna"), locale=locale) == clock


@pytest.mark.parametrize("tag", ["", "xx-YY", "../../etc", "de-AT" * 50])
def test_a_locale_nobody_knows_reads_as_the_usual_one(tag):
    assert reader.known_locale(tag) == reader.known_locale("en-GB")


@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime"])
def test_a_zone_nobody_knows_reads_as_utc(name):
    assert reader.known_zone(name) == ZoneInfo("UTC")
