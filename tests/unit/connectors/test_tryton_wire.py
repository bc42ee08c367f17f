"""Values survive the way to Tryton and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from service.connectors.tryton_wire import UnknownValueError, decoded, encoded

MOMENT = datetime(2026, 3, 2, 9, 30, 1, 14247, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        MOMENT,
        date(2026, 3, 2),
        timedelta(minutes=75),
        timedelta(seconds=1.5),
        Decimal("15000.00"),
        Decimal("0.01"),
        Decimal("123456789012345678.99"),
        None,
        "Acme T&M rollout",
        [1, {"nested": Decimal("2.50")}],
    ],
)
def test_a_value_comes_back_as_it_was_sent(value):
    assert decoded(encoded({"field": value}))["field"] == value


def test_money_keeps_its_digits_and_its_type():
    money = decoded('{"amount": {"__class__": "Decimal", "decimal": "90.10"}}')["amount"]
    assert (type(money), str(money)) == (Decimal, "90.10")


def test_no_fraction_becomes_a_float():
    assert decoded('{"quantity": 13.25}')["quantity"] == Decimal("13.25")


def test_an_instant_is_sent_in_utc():
    vienna = MOMENT.astimezone(timezone(timedelta(hours=1)))
    assert encoded(vienna) == encoded(MOMENT)


def test_a_value_of_another_class_is_named():
    with pytest.raises(UnknownValueError, match="Polygon"):
        decoded('{"area": {"__class__": "Polygon"}}')


def test_something_that_has_no_spelling_is_refused():
    with pytest.raises(TypeError, match="object cannot be sent"):
        encoded({"field": object()})
