"""T12 and T13: overtime nobody approved, and work on leave or holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Overtime, OvertimePeriod, WorkingCalendarTerms
from data.schemas.vocabulary import Severity
from tests.builders.calendars import calendar, leave, overtime, region
from tests.builders.checking import finding_of, findings, rows_of
from tests.builders.contracts import (
    change_order,
    clause,
    clauses,
    contract,
    manager,
    person,
    reference,
)
from tests.builders.items import MONDAY, entry, timesheet, week

T12 = ExceptionCode.OVERTIME_NOT_AUTHORIZED
T13 = ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT
TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
LABOR_DAY = date(2026, 5, 1)
"""A Friday, and a public holiday in Austria."""
DAILY, WEEKLY = Overtime(), Overtime(period=OvertimePeriod.WEEK)


def _under(*terms, days=None, **known):
    """A contract with these terms, and Ada on the calendar of Austria."""
    given = {
        "people": (person(calendar_id="AT"), manager()),
        "calendars": (days or calendar(),),
    }
    return reference(contract(clauses=clauses(*terms)), **(given | known))


def _hours(hours: float, *, day=MONDAY, **overrides):
    return entry(work_date=day, minutes_worked=int(hours * 60), **overrides)


def _over(*entries, terms=DAILY, before=(), days=None, **known):
    sheet = timesheet(entries=entries)
    return finding_of(T12, sheet, under=_under(terms, days=days, **known), before=before)


@pytest.mark.parametrize(
    ("hours", "day", "exposure_minor"),
    [
        (8, MONDAY, None),  # capacity exactly met
        (9, MONDAY, 120_00),  # one hour at 120.00
        (2, SATURDAY, 240_00),  # a day without capacity
        (2, LABOR_DAY, 240_00),
    ],
)
def test_hours_above_the_capacity_of_the_day_are_overtime(hours, day, exposure_minor):
    found = _over(_hours(hours, day=day))
    assert (found.exposure_minor if found else None) == exposure_minor


def test_what_is_over_belongs_to_the_entry_that_counts_later():
    found = _over(
        _hours(6, day=MONDAY), _hours(3, id="E-2", task_id="T-2"), _hours(8, day=TUESDAY, id="E-3")
    )
    assert (rows_of(found), found.severity) == ({"E-2": 120_00}, Severity.HIGH)
    assert found.evidence[0].actual == "9 h that day with this entry"
    assert found.evidence[0].expected == "at most 8 h of capacity and approved overtime"


def test_hours_on_another_line_count():
    earlier = timesheet(external_id="TS-0", contract_id="C-2", entries=(_hours(7, id="E-0"),))
    assert rows_of(_over(_hours(2), before=[earlier])) == {"E-1": 120_00}


def test_only_billable_overtime_is_at_risk():
    found = _over(_hours(10, minutes_billable=60))
    assert rows_of(found) == {"E-1": 120_00}
    assert rows_of(_over(_hours(10, minutes_billable=0))) == {"E-1": 0}


@pytest.mark.parametrize(
    ("approvals", "exposure_minor"),
    [
        ([overtime()], None),  # any amount
        ([overtime(minutes_per_day=120)], None),
        ([overtime(minutes_per_day=90)], 60_00),  # half an hour more
        ([overtime(minutes_per_day=60), overtime(id="OT-2", minutes_per_day=60)], None),
        ([overtime(start=MONDAY - timedelta(days=3), end=MONDAY)], None),
        ([overtime(start=TUESDAY)], 240_00),
        ([overtime(person_id="bob")], 240_00),
    ],
)
def test_approved_overtime_of_the_day_is_added_to_capacity(approvals, exposure_minor):
    found = _over(_hours(10), overtime_approvals=approvals)
    assert (found.exposure_minor if found else None) == exposure_minor


@pytest.mark.parametrize(
    ("given", "exposure_minor"),
    [
        ([leave()], 960_00),  # nothing is left of the day
        ([leave(minutes_per_day=240)], 480_00),
        ([leave(minutes_per_day=300), leave(id="LV-2", minutes_per_day=300)], 960_00),
        ([leave(is_approved=False)], None),
        ([leave(start=TUESDAY)], None),
        ([leave(person_id="bob")], None),
    ],
)
def test_approved_leave_is_taken_off_capacity(given, exposure_minor):
    found = _over(_hours(8), leave=given)
    assert (found.exposure_minor if found else None) == exposure_minor


def _weekly(*hours, **known):
    entries = tuple(
        _hours(each, day=MONDAY + timedelta(days=place), id=f"E-{place + 1}")
        for place, each in enumerate(hours)
    )
    return rows_of(_over(*entries, terms=WEEKLY, **known))


@pytest.mark.parametrize(
    ("hours", "rows"),
    [
        ((10, 6, 8, 8, 8), {}),  # forty hours, whatever the days
        ((10, 6, 8, 8, 9), {"E-5": 120_00}),
        ((8, 8, 8, 8, 8, 1), {"E-6": 120_00}),  # Saturday belongs to the week
        ((8, 8, 8, 8, 8, 0, 1), {"E-7": 120_00}),  # and Sunday
        ((8, 8, 8, 8, 8, 0, 0, 12), {}),  # the next Monday opens another
    ],
)
def test_week_is_compared_from_monday_to_sunday(hours, rows):
    assert _weekly(*hours) == rows


def test_leave_and_approvals_of_any_day_count_for_the_week():
    friday = MONDAY + timedelta(days=4)
    assert _weekly(10, 10, 10, 10, leave=[leave(start=friday)]) == {"E-4": 960_00}
    approved = [overtime(start=friday, minutes_per_day=480)]
    assert _weekly(12, 12, 12, 12, overtime_approvals=approved) == {}


@pytest.mark.parametrize(
    "known",
    [
        {"people": (person(), manager())},  # neither a calendar nor a region
        {"people": (person(calendar_id="XX"), manager())},  # a calendar nobody sent
        {"people": (person(country="DE"), manager()), "regions": (region(),)},
        {"people": (manager(),)},
    ],
)
def test_without_a_calendar_there_is_no_overtime(known):
    assert _over(_hours(12), **known) is None


def test_calendar_of_the_country_serves_who_has_none():
    known = {"people": (person(), manager()), "regions": (region(),)}
    assert rows_of(_over(_hours(9), **known)) == {"E-1": 120_00}
    own = {
        "people": (person(calendar_id="long"), manager()),
        "regions": (region(),),
        "calendars": (calendar(), calendar(id="long", minutes_by_weekday=(600,) * 7)),
    }
    assert _over(_hours(9), **own) is None


def test_overtime_without_the_clause_is_nobodys_business():
    sheet = timesheet(entries=(_hours(9),))
    assert findings(sheet, under=_under())["test:TS-1"] == ()


def test_clause_of_a_change_order_holds_from_its_day():
    order = change_order(effective_on=TUESDAY, clauses=(clause(DAILY),))
    under = reference(
        contract(change_orders=(order,)),
        people=(person(calendar_id="AT"), manager()),
        calendars=(calendar(),),
    )
    sheet = timesheet(entries=(_hours(9), _hours(9, day=TUESDAY, id="E-2")))
    assert rows_of(finding_of(T12, sheet, under=under)) == {"E-2": 120_00}


def _conflict(*entries, days=None, **known):
    sheet = timesheet(entries=entries)
    return finding_of(T13, sheet, under=_under(WorkingCalendarTerms(), days=days, **known))


@pytest.mark.parametrize(
    ("day", "days", "is_found"),
    [
        (LABOR_DAY, calendar(), True),
        (LABOR_DAY, calendar(country="US"), False),  # not there
        (LABOR_DAY, calendar(country=None), False),
        (LABOR_DAY, calendar(working_days=(LABOR_DAY,)), False),  # work goes on
        (MONDAY, calendar(free_days=(MONDAY,)), True),
        (MONDAY, calendar(free_days=(MONDAY,), working_days=(MONDAY,)), True),
        (SATURDAY, calendar(), False),  # a weekend alone is no conflict
        (date(2026, 8, 15), calendar(), True),  # Assumption, on a Saturday
        (date(2027, 1, 6), calendar(), True),  # any year
        (date(2026, 1, 6), calendar(country="DE"), False),
        (date(2026, 1, 6), calendar(country="DE", subdivision="BY"), True),
        (date(2026, 1, 6), calendar(country="DE", subdivision="ZZ"), False),  # no such part
        (LABOR_DAY, calendar(country="ZZ"), False),  # no such country
    ],
)
def test_holidays_and_free_days_are_closed(day, days, is_found):
    found = _conflict(_hours(1, day=day), days=days)
    assert rows_of(found) == ({"E-1": 120_00} if is_found else {})


@pytest.mark.parametrize(
    ("given", "hours", "exposure_minor"),
    [
        ([leave()], 1, 120_00),  # the whole day
        ([leave(minutes_per_day=240)], 4, None),  # what remains of it
        ([leave(minutes_per_day=240)], 4.25, 510_00),  # the whole entry, not the excess
        ([leave(minutes_per_day=240), leave(id="LV-2", minutes_per_day=120)], 2, None),
        ([leave(minutes_per_day=240), leave(id="LV-2", minutes_per_day=120)], 3, 360_00),
        ([leave(is_approved=False)], 8, None),
        ([leave(start=MONDAY - timedelta(days=9), end=MONDAY)], 1, 120_00),
        ([leave(end=TUESDAY, start=TUESDAY)], 8, None),
        ([leave(person_id="bob")], 8, None),
    ],
)
def test_leave_leaves_what_remains_of_the_day(given, hours, exposure_minor):
    found = _conflict(_hours(hours), leave=given)
    assert (found.exposure_minor if found else None) == exposure_minor


def test_each_entry_is_compared_with_what_remains():
    found = _conflict(
        _hours(4),
        _hours(4, id="E-2", task_id="T-2"),
        _hours(5, id="E-3", narrative="More"),
        leave=[leave(minutes_per_day=240)],
    )
    assert (rows_of(found), found.severity) == ({"E-3": 600_00}, Severity.HIGH)
    assert found.evidence[0].actual == "5 h on a day of leave"
    assert found.evidence[0].expected == "at most 4 h left of the day"


def test_leave_on_a_weekend_leaves_nothing():
    assert rows_of(_conflict(_hours(1, day=SATURDAY), leave=[leave(start=SATURDAY)])) == {
        "E-1": 120_00
    }


def test_entry_without_work_conflicts_with_nothing():
    assert _conflict(_hours(0, day=LABOR_DAY)) is None


def test_ordinary_week_on_a_calendar_is_clean():
    under = _under(DAILY, WorkingCalendarTerms(), leave=[leave(start=SATURDAY)])
    assert findings(timesheet(entries=week()), under=under)["test:TS-1"] == ()


def test_without_a_calendar_there_is_no_conflict():
    assert _conflict(_hours(8), people=(person(), manager()), leave=[leave()]) is None
