"""How money, time and probability read on every screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from data.schemas.values import ISO_4217_DIGITS, minor_per_major

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
ALMOST = 0.99
"""Probabilities beyond this are not rounded to 100 %: nothing a model says is certain."""


def money(minor: int, *, currency: str) -> str:
    """`EUR 1,234.50`; below zero in parentheses, with the digits the currency has."""
    digits = ISO_4217_DIGITS[currency]
    major, rest = divmod(abs(minor), minor_per_major(currency))
    figure = f"{major:,}.{rest:0{digits}d}" if digits else f"{major:,}"
    return f"{currency} ({figure})" if minor < 0 else f"{currency} {figure}"


def hours(minutes: int) -> str:
    """`7 h 30`, as timesheets are read; whole minutes, never a rounded fraction."""
    whole, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    return f"{'−' if minutes < 0 else ''}{whole} h {rest:02d}"  # noqa: RUF001 - a true minus sign


def day(moment: date) -> str:
    """`Mon 2 Mar`: the day first, the month as a word, so that nobody reads it the wrong way."""
    return f"{moment:%a} {moment.day} {moment:%b}"


def full_day(moment: date) -> str:
    """`2 Mar 2026`."""
    return f"{moment.day} {moment:%b %Y}"


def instant(moment: datetime, *, zone: tzinfo) -> str:
    """`2 Mar 2026, 14:30 CET`: an instant in the reader's time zone, which is named."""
    local = moment.astimezone(zone)
    return f"{full_day(local)}, {local:%H:%M} {local.tzname()}"


def clock(moment: datetime, *, zone: tzinfo) -> str:
    """`14:30`."""
    return f"{moment.astimezone(zone):%H:%M}"


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
