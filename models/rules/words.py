"""How evidence is worded: money, hours and days as people in finance write them."""

from __future__ import annotations

from datetime import date, timedelta

from data.schemas.values import ISO_4217_DIGITS
from models.columns import EPOCH


def money(minor: int, currency: str) -> str:
    """Write minor units as an amount, for example `1,250.00 EUR`."""
    digits = ISO_4217_DIGITS[currency]
    whole, rest = divmod(abs(minor), 10**digits)
    fraction = f".{rest:0{digits}d}" if digits else ""
    return f"{'-' if minor < 0 else ''}{whole:,}{fraction} {currency}"


def hours(minutes: int) -> str:
    """Write minutes as hours, for example `10 h 30 min`."""
    whole, rest = divmod(minutes, 60)
    return f"{whole:,} h {rest} min" if rest else f"{whole:,} h"


def days(count: int) -> str:
    """Write a number of days."""
    return "1 day" if count == 1 else f"{count} days"


def day(number: int) -> str:
    """Write a day number as its ISO date."""
    return calendar_day(number).isoformat()


def calendar_day(number: int) -> date:
    """Give the date of a day number."""
    return EPOCH + timedelta(days=number)
