"""When the firm's people work: the calendar and the region of each country."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

from data.schemas.calendars import WorkingCalendar
from data.schemas.regions import Region

SHORT_WEEK = (420, 420, 420, 420, 420, 0, 0)
"""The legal week of 35 hours in France."""
COUNTRIES = {
    "AT": ("Austria", "EUR", "Europe/Vienna"),
    "CH": ("Switzerland", "CHF", "Europe/Zurich"),
    "DE": ("Germany", "EUR", "Europe/Berlin"),
    "FR": ("France", "EUR", "Europe/Paris"),
    "GB": ("United Kingdom", "GBP", "Europe/London"),
    "PL": ("Poland", "PLN", "Europe/Warsaw"),
    "US": ("United States", "USD", "America/New_York"),
}
"""Where the firm's people and clients live: name, currency and time zone."""
SATURDAY = 5


@cache
def calendar_of(country: str) -> WorkingCalendar:
    """The working calendar of a country."""
    calendar = WorkingCalendar(
        id=f"CAL-{country}", name=f"Working week, {COUNTRIES[country][0]}", country=country
    )
    if country == "FR":
        return calendar.model_copy(update={"minutes_by_weekday": SHORT_WEEK})
    return calendar


def regions() -> dict[str, Region]:
    """The region of each country, with its calendar."""
    return {
        country: Region(
            id=country, name=name, country=country, currency=currency, zone=zone,
            calendar_id=calendar_of(country).id,
        )
        for country, (name, currency, zone) in COUNTRIES.items()
    }  # fmt: skip


@cache
def is_working_day(country: str, day: date) -> bool:
    """True on a weekday that is no public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(country, day.year)


@cache
def public_holidays(country: str, year: int, subdivision: str | None = None) -> frozenset[date]:
    """The public holidays of a country, or of a part of it, in a year."""
    found = holidays.country_holidays(country, subdiv=subdivision, years=year)
    return frozenset(day for day in found if day.year == year)
