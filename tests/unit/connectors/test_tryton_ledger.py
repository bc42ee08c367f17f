"""When a line is billed as hours, and when as one piece."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.connectors.tryton_invoice import exact_hours
from tests.builders.bills import a_fixed_line, a_time_line


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        (a_time_line(minutes=795, rate_minor=18_000), Decimal("13.25")),  # x 180.00 = 2385.00
        (a_time_line(minutes=3, rate_minor=10_000), Decimal("0.05")),  # x 100.00 = 5.00
        (a_time_line(minutes=3, rate_minor=9_999), None),  # 0.05 x 99.99 = 4.9995, billed 5.00
        (a_time_line(minutes=20, rate_minor=18_000), None),  # 0.333... is no 0.33
        (a_time_line(minutes=60, rate_minor=18_000, amount_minor=17_000), None),  # adjusted
        (a_time_line(minutes=0, rate_minor=18_000), Decimal("0.00")),
        (a_fixed_line(), None),
    ],
)
def test_hours_are_given_only_where_they_make_the_amount(line, hours):
    assert exact_hours(line, quantity_digits=2) == hours
