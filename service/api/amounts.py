"""Money as people write it: exact decimals in units of the currency."""

from __future__ import annotations

from decimal import Decimal

from data.schemas.values import minor_per_major


def major(minor: int, currency: str) -> Decimal:
    """Give an amount in units of its currency, with all digits of its minor unit."""
    digits = len(str(minor_per_major(currency))) - 1
    return Decimal(minor).scaleb(-digits)
