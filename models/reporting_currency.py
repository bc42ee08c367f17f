"""Amounts of all currencies on one scale, for thresholds and for the money guarantee."""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.values import ISO_4217_DIGITS

REPORTING_CURRENCY = "EUR"
REPORTING_RATES: Mapping[str, float] = {
    "EUR": 1.0,
    "USD": 0.92,
    "GBP": 1.17,
    "CHF": 1.05,
    "PLN": 0.235,
    "CZK": 0.040,
    "SEK": 0.088,
    "NOK": 0.086,
    "DKK": 0.134,
    "CAD": 0.66,
    "AUD": 0.60,
    "JPY": 0.0060,
}
"""Policy figures, not market rates: they only rank amounts, so they stay fixed within a bundle."""


def reporting_minor(
    amount_minor: int, *, currency: str, rates: Mapping[str, float] = REPORTING_RATES
) -> float | None:
    """Give an amount in hundredths of the reporting currency, or None without a rate."""
    rate = rates.get(currency)
    if rate is None:
        return None
    units: int = 10 ** ISO_4217_DIGITS[currency]
    return amount_minor * 100.0 * rate / units
