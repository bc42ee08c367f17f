"""The regions that come with the product."""

from __future__ import annotations

from datetime import date

import pytest

from data.regions.shipped import shipped_regions
from data.schemas.regions import ReferenceNeeded, Region
from models.agreed.calendar_year import closed_days

TODAY = date(2026, 11, 1)


def _rates(region: Region, day: date) -> set[float]:
    codes = region.practice.tax_codes or ()
    return {
        one.rate
        for one in codes
        if one.rate > 0.0
        and one.valid_from <= day
        and (one.valid_to is None or day <= one.valid_to)
    }


def test_each_file_is_a_country_with_its_own_calendar():
    regions, calendars = shipped_regions()
    assert list(regions) == ["AT", "CH", "DE", "FR", "GB", "PL", "US"]
    for name, region in regions.items():
        assert region.country == name
        assert calendars[region.calendar_id].country == name


@pytest.mark.parametrize(
    ("country", "hours"), [("AT", 40), ("DE", 40), ("FR", 35), ("PL", 40), ("US", 40)]
)
def test_week_has_the_hours_of_the_country(country, hours):
    calendar = shipped_regions()[1][country]
    assert sum(calendar.minutes_by_weekday) == hours * 60


@pytest.mark.parametrize(
    ("country", "day", "rates"),
    [
        ("AT", TODAY, {0.2, 0.13, 0.1}),
        ("CH", date(2023, 12, 31), {0.077, 0.037, 0.025}),
        ("CH", date(2024, 1, 1), {0.081, 0.038, 0.026}),
        ("DE", date(2020, 6, 30), {0.19, 0.07}),
        ("DE", date(2020, 7, 1), {0.16, 0.05}),
        ("DE", date(2021, 1, 1), {0.19, 0.07}),
        ("FR", TODAY, {0.2, 0.1, 0.055, 0.021}),
        ("GB", TODAY, {0.2, 0.05}),
        ("PL", TODAY, {0.23, 0.08, 0.05}),
        ("US", TODAY, set()),
    ],
)
def test_tax_rates_hold_from_their_first_to_their_last_day(country, day, rates):
    assert _rates(shipped_regions()[0][country], day) == rates


def test_peppol_countries_need_a_buyer_reference_or_a_purchase_order():
    regions = shipped_regions()[0]
    needed = {name: region.practice.reference_needed for name, region in regions.items()}
    assert [name for name, one in needed.items() if one is ReferenceNeeded.EITHER] == [
        "AT",
        "DE",
        "FR",
    ]


def test_callers_may_change_what_they_were_given():
    regions, calendars = shipped_regions()
    regions.clear()
    calendars.clear()
    assert shipped_regions()[0]["AT"].zone == "Europe/Vienna"


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("AT", date(2026, 10, 26)),
        ("CH", date(2026, 8, 1)),
        ("DE", date(2026, 10, 3)),
        ("FR", date(2026, 7, 14)),
        ("GB", date(2026, 12, 25)),
        ("PL", date(2026, 11, 11)),
        ("US", date(2026, 7, 3)),  # the fourth is a Saturday: the day before is off
    ],
)
def test_national_day_is_a_holiday(country, day):
    assert day in closed_days(shipped_regions()[1][country], year=day.year)
