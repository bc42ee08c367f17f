"""T4: the hours of a labor category."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborCategoryHours
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet, week

T4 = ExceptionCode.LABOR_CATEGORY_HOURS_CAP
LAST_WEEK = MONDAY - timedelta(days=7)


def _earlier(**overrides):
    """40 hours worked and assessed the week before."""
    return timesheet(external_id="TS-0", entries=week(of="TS-0", monday=LAST_WEEK), **overrides)


def _capped(cap_minutes: int, **overrides):
    cap = LaborCategoryHours(labor_category="engineer", cap_minutes=cap_minutes)
    return reference(contract(clauses=clauses(cap), **overrides))


@pytest.mark.parametrize(
    ("cap_minutes", "exposure_by_row"),
    [
        (80 * 60, {}),  # 40 h before and 40 h: exactly met
        (80 * 60 - 1, {"TS-1-5": 2_00}),  # one minute over: 120.00 / 60
        (72 * 60, {"TS-1-5": 960_00}),  # 8 h x 120.00
        (70 * 60, {"TS-1-4": 240_00, "TS-1-5": 960_00}),  # 2 h, then 8 h
    ],
)
def test_minutes_above_the_cap_are_priced_at_the_rate(cap_minutes, exposure_by_row):
    found = finding_of(T4, timesheet(), before=[_earlier()], under=_capped(cap_minutes))
    assert rows_of(found) == exposure_by_row


def test_late_hours_find_the_cap_used_up_by_later_hours_that_were_accepted_before_them():
    next_week = timesheet(
        external_id="TS-2", entries=week(of="TS-2", monday=MONDAY + timedelta(days=7))
    )
    found = finding_of(T4, timesheet(), before=[next_week], under=_capped(72 * 60))
    assert rows_of(found) == {"TS-1-5": 960_00}  # 8 h x 120.00


def test_cap_counts_its_own_labor_category_and_line_only():
    others = [
        _earlier(line_id="L-2"),
        timesheet(
            external_id="TS-9",
            entries=week(of="TS-9", monday=LAST_WEEK, labor_category="architect"),
        ),
    ]
    assert finding_of(T4, timesheet(), before=others, under=_capped(40 * 60)) is None


def test_over_minutes_are_rounded_on_the_line():
    # 1 minute x 100.10 an hour = 1.66833, rounded to 1.67.
    sheet = timesheet(entries=(entry(minutes_worked=61, hourly_rate_minor=10_010),))
    assert rows_of(finding_of(T4, sheet, under=_capped(60))) == {"E-1": 1_67}
