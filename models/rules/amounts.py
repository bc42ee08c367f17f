"""Money of whole columns, and the price of waiting for it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from models.columns import Ints

DAYS_PER_YEAR = 365


def amounts_minor(*, minutes: Ints, rate_minor: Ints) -> Ints:
    """Money of each line, rounded half up on the line, as `data.schemas.values.amount_minor`."""
    return (minutes * rate_minor * 2 + 60) // 120


def price_of_waiting_minor(amount_minor: int, *, annual_cost_of_capital: float, days: int) -> int:
    """What it costs to have `amount_minor` some days later, rounded half up."""
    yearly = Decimal(amount_minor) * Decimal(str(annual_cost_of_capital))
    exact = yearly * days / DAYS_PER_YEAR
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
