"""Real numbers as text: the digits people meant, in the decimal mark the mapping reads."""

from __future__ import annotations

from decimal import Decimal

DIGITS = ".15g"
"""Spreadsheets show and keep fifteen digits; the rest of a binary fraction is noise."""


def number_text(value: float, *, decimal_mark: str) -> str:
    """Give a number without exponent; NaN and infinity stay words, to be refused as such."""
    return f"{Decimal(format(value, DIGITS)):f}".replace(".", decimal_mark)
