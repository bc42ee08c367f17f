"""Money of whole columns, and the price of waiting for it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from models.columns import Ints

DAYS_PER_YEAR = 365
LARGEST_HALF = 2**61
"""Twice a denominator up to this fits a column; a share as it is written has a few digits."""


def amounts_minor(*, minutes: Ints, rate_minor: Ints) -> Ints:
    """Money of each line, rounded half up on the line, as `data.schemas.values.amount_minor`."""
    return (minutes * rate_minor * 2 + 60) // 120


def shares_minor(amount_minor: Ints, *, share: float) -> Ints:
    """A share of each amount, rounded half up once: exact for a share as it is written."""
    numerator, denominator = Decimal(str(share)).as_integer_ratio()
    largest = 2 * int(amount_minor.max(initial=0)) * numerator + denominator
    if largest <= np.iinfo(np.int64).max and denominator <= LARGEST_HALF:
        return (2 * amount_minor * numerator + denominator) // (2 * denominator)
    exact = [
        (2 * minor * numerator + denominator) // (2 * denominator)
        for minor in amount_minor.tolist()
    ]
    return np.array(exact, dtype=np.int64)


def price_of_waiting_minor(amount_minor: int, *, annual_cost_of_capital: float, days: int) -> int:
    """What it costs to have `amount_minor` some days later, rounded half up."""
    yearly = Decimal(amount_minor) * Decimal(str(annual_cost_of_capital))
    exact = yearly * days / DAYS_PER_YEAR
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
