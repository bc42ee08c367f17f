"""Figures as contracts write them, in several countries' habits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.clauses.patterns import TimeUnit, amounts, days_of, shares, spans


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("EUR 250,000", 250_000_00, "EUR"),
        ("EUR 250.000,50", 250_000_50, "EUR"),
        ("60.000 EUR", 60_000_00, "EUR"),
        ("CHF 400'000", 400_000_00, "CHF"),
        ("1 200 000 euros", 1_200_000_00, "EUR"),
        ("€ 99.5", 99_50, "EUR"),
        ("£85,000", 85_000_00, "GBP"),
        ("USD 1.5 million", 1_500_000_00, "USD"),
        ("€120k", 120_000_00, "EUR"),
        ("JPY 5,000,000", 5_000_000, "JPY"),  # yen have no minor unit
        ("KWD 12.345", 12_345_000, "KWD"),  # three digits after one mark are thousands
    ],
)
def test_a_sum_is_read_with_its_currency(text, minor, currency):
    (found,) = amounts(f"not more than {text} in all.", currency="EUR")
    assert (found.minor, found.currency) == (minor, currency)


def test_a_bare_dollar_is_the_contracts_own():
    assert amounts("$ 100", currency="CAD")[0].currency == "CAD"
    assert amounts("$ 100", currency="EUR")[0].currency == "USD"


@pytest.mark.parametrize("text", ["clause 4.2", "EUR", "EUR 0.001", "EUR 999999999999999"])
def test_what_is_no_sum_is_left(text):
    assert amounts(text, currency="EUR") == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2 March 2026", date(2026, 3, 2)),
        ("the 2nd day of March, 2026", date(2026, 3, 2)),
        ("March 2nd, 2026", date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),
        ("3/31/2026", date(2026, 3, 31)),
        ("31/3/2026", date(2026, 3, 31)),
        ("5/5/2026", date(2026, 5, 5)),
    ],
)
def test_a_date_is_read(text, day):
    assert [one.day for one in days_of(f"from {text} on")] == [day]


@pytest.mark.parametrize("text", ["3/4/2026", "2026-02-30", "31 June 2026", "1 May 1850"])
def test_a_date_that_could_be_two_or_none_is_left(text):
    assert days_of(text) == ()


@pytest.mark.parametrize(
    ("text", "share"),
    [("75 %", 0.75), ("7.5%", 0.075), ("2,5 percent", 0.025), ("ten percent (10 %)", 0.1)],
)
def test_a_percentage_is_a_share(text, share):
    assert [one.share for one in shares(text)] == [pytest.approx(share)]


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("thirty (30) days", 30, TimeUnit.DAY),
        ("ten hours", 10, TimeUnit.HOUR),
        ("1,200 hours", 1_200, TimeUnit.HOUR),
        ("0.25 hours", Decimal("0.25"), TimeUnit.HOUR),
        ("15-minute increments", 15, TimeUnit.MINUTE),
        ("one tenth of an hour", 6, TimeUnit.MINUTE),
        ("a quarter hour", 15, TimeUnit.MINUTE),
        ("5 business days", 5, TimeUnit.DAY),
    ],
)
def test_a_span_of_time_is_read(text, count, unit):
    assert (count, unit) in [(one.count, one.unit) for one in spans(text)]
