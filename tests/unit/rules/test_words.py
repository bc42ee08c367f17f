"""How evidence is worded."""

from __future__ import annotations

import pytest

from models.rules.amounts import price_of_waiting_minor
from models.rules.words import day, days, hours, money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123_456_789, "EUR", "1,234,567.89 EUR"),
        (5, "USD", "0.05 USD"),
        (-5, "USD", "-0.05 USD"),
        (1_500, "JPY", "1,500 JPY"),
        (1_500, "KWD", "1.500 KWD"),
    ],
)
def test_money_is_written_with_the_digits_of_its_currency(minor, currency, text):
    assert money(minor, currency) == text


def test_hours_and_days_are_written_as_people_do():
    assert (hours(600), hours(61), hours(59)) == ("10 h", "1 h 1 min", "0 h 59 min")
    assert (days(1), days(2), day(0)) == ("1 day", "2 days", "1970-01-01")


@pytest.mark.parametrize(
    ("amount_minor", "cost", "waited", "price_minor"),
    [
        (36_500, 0.08, 1, 8),  # 365.00 x 0.08 / 365 = 0.08
        (365, 0.5, 1, 1),  # 0.005 is rounded up
        (364, 0.5, 1, 0),  # 0.00498... is not
        (10**13, 1.0, 365, 10**13),
        (100, 0.0, 30, 0),
    ],
)
def test_price_of_waiting_is_rounded_half_up(amount_minor, cost, waited, price_minor):
    price = price_of_waiting_minor(amount_minor, annual_cost_of_capital=cost, days=waited)
    assert price == price_minor
