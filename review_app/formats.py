"""How money, time and probability read on every screen, in the reader's own separators and order.

The words stay English; figures and dates follow the locale of Unicode's CLDR that Babel carries.
Every function takes the locale, and without one asks for that of whoever reads the page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.numbers import NumberPattern, parse_pattern

from data.schemas.values import ISO_4217_DIGITS
from review_app import reader

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
ALMOST = 0.99
"""Probabilities beyond this are not rounded to 100 %: nothing a model says is certain."""


def money(minor: int, *, currency: str, locale: Locale | None = None) -> str:
    """`EUR 1,234.50`; below zero in parentheses, with the digits the currency has."""
    return f"{currency} {amount(minor, currency=currency, locale=locale)}"


def amount(minor: int, *, currency: str, locale: Locale | None = None) -> str:
    """`1,234.50`: money in a column whose currency stands elsewhere."""
    digits = ISO_4217_DIGITS[currency]
    figure = _figure(Decimal(abs(minor)).scaleb(-digits), digits, locale or reader.locale())
    return f"({figure})" if minor < 0 else figure


def count(whole: int, *, locale: Locale | None = None) -> str:
    """`12,345`."""
    return f"{'−' if whole < 0 else ''}{_figure(Decimal(abs(whole)), 0, locale or reader.locale())}"  # noqa: RUF001 - a true minus sign


def cases(number: int) -> str:
    """`1 case`, `2 cases`."""
    return f"{count(number)} case{'' if number == 1 else 's'}"


def decimal(number: float, *, digits: int = 1, locale: Locale | None = None) -> str:
    """`3.4` or `3,4`."""
    exact = Decimal(f"{number:.{digits}f}")
    sign = "−" if exact < 0 else ""  # noqa: RUF001 - a true minus sign
    return f"{sign}{_figure(abs(exact), digits, locale or reader.locale())}"


def hours(minutes: int) -> str:
    """`7 h 30`, as timesheets are read; whole minutes, never a rounded fraction."""
    whole, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    return f"{'−' if minutes < 0 else ''}{whole} h {rest:02d}"  # noqa: RUF001 - a true minus sign


def day(moment: date, *, locale: Locale | None = None) -> str:
    """`Mon 2 Mar`: the month is a word, so that nobody reads it the wrong way round."""
    return _date(date(moment.year, moment.month, moment.day), "MMMEd", locale or reader.locale())


def full_day(moment: date, *, locale: Locale | None = None) -> str:
    """`2 Mar 2026`, or `Mar 2, 2026`."""
    return _date(date(moment.year, moment.month, moment.day), "yMMMd", locale or reader.locale())


def instant(moment: datetime, *, zone: tzinfo, locale: Locale | None = None) -> str:
    """`2 Mar 2026, 14:30 CET`: an instant in the reader's time zone, which is named."""
    local, chosen = moment.astimezone(zone), locale or reader.locale()
    return f"{full_day(local, locale=chosen)}, {_time(local, chosen)} {local.tzname()}"


def clock(moment: datetime, *, zone: tzinfo, locale: Locale | None = None) -> str:
    """`14:30`, or `2:30 PM`."""
    return _time(moment.astimezone(zone), locale or reader.locale())


def distance(span: timedelta) -> str:
    """`2 days`, `3 h`, `12 min`: the largest unit that says enough; the sign is left to words."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes >= 2 * MINUTES_PER_DAY:
        return f"{minutes // MINUTES_PER_DAY} days"
    if minutes >= 2 * MINUTES_PER_HOUR:
        return f"{minutes // MINUTES_PER_HOUR} h"
    return f"{minutes} min"


def due(moment: datetime, *, now: datetime) -> str:
    """`due in 3 h` or `overdue by 3 h`."""
    left = moment - now
    return f"overdue by {distance(left)}" if left < timedelta() else f"due in {distance(left)}"


def percent(probability: float) -> str:
    """`72 %`; near the ends `under 1 %` and `over 99 %`, because a model is never certain."""
    if probability == 1:
        return "certain"
    if probability > ALMOST:
        return "over 99 %"
    if probability < 1 - ALMOST:
        return "under 1 %"
    return f"{probability * 100:.0f} %"


def words(code: str) -> str:
    """`outside_period` as people read it: `Outside period`."""
    return code.replace("_", " ").replace("-", " ").capitalize()


@cache
def _pattern(locale: Locale, digits: int) -> NumberPattern:
    """The locale's own grouping, with exactly as many digits as money has."""
    whole = locale.decimal_formats[None].pattern.split(";")[0].split(".")[0]
    return parse_pattern(f"{whole}.{'0' * digits}" if digits else whole)


def _figure(number: Decimal, digits: int, locale: Locale) -> str:
    text: str = _pattern(locale, digits).apply(number, locale)
    return text


# The days of a case are the same on every run of its page; Babel takes 60 microseconds for each.
@lru_cache(maxsize=4096)
def _date(moment: date, skeleton: str, locale: Locale) -> str:
    return format_skeleton(skeleton, moment, locale=locale)


def _time(local: datetime, locale: Locale) -> str:
    return format_time(local.timetz(), "short", locale=locale)
