"""T18: time of a period that nobody recorded by the cut-off, on a sheet or without one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingCutOff
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import Severity
from models.codes import Codes
from models.past.history import History
from models.rules.absent import absent_people
from models.terms import Terms
from tests.builders.calendars import calendar, leave
from tests.builders.checking import LONG_AGO, finding_of, findings, rows_of
from tests.builders.contracts import (
    assignment,
    change_order,
    clause,
    clauses,
    contract,
    manager,
    person,
    project,
    rate,
    reference,
)
from tests.builders.items import MONDAY, at, entry, milestone, timesheet, week

T18 = ExceptionCode.MISSING_TIMESHEET
FRIDAY, SUNDAY = MONDAY + timedelta(days=4), MONDAY + timedelta(days=6)
LIKELY_HOUR_MINOR = 84_00
"""One missing hour at 120.00, of which 42 minutes (0.698 x 60, rounded) were likely billable."""


def _under(*terms, **known):
    """A contract with a cut-off, and Ada on the calendar of Austria."""
    given = {"people": (person(calendar_id="AT"), manager()), "calendars": (calendar(),)}
    agreed = clauses(*(terms or (BillingCutOff(),)))
    return reference(contract(clauses=agreed), **(given | known))


def _sheet(hours: int, **overrides):
    """The default week with so many hours in all, its last entries cut off."""
    left = [max(0, min(8, hours - 8 * place)) for place in range(5)]
    entries = tuple(
        entry(
            id=f"E-{place}",
            work_date=MONDAY + timedelta(days=place),
            minutes_worked=60 * each,
            narrative=f"Day {place}",
        )
        for place, each in enumerate(left)
        if each
    )
    given = {"period_start": MONDAY, "period_end": SUNDAY, "entries": entries}
    return timesheet(**(given | overrides))


def _missing(sheet, *, under=None, **given):
    return finding_of(T18, sheet, under=under or _under(), **given)


@pytest.mark.parametrize(
    ("hours", "tolerance_hours", "is_found"),
    [(40, 0, False), (39, 0, True), (39, 1, False), (38, 1, True), (50, 0, False)],
)
def test_missing_hours_are_found_above_the_tolerance(hours, tolerance_hours, is_found):
    under = _under(BillingCutOff(tolerance_minutes=60 * tolerance_hours))
    assert (_missing(_sheet(hours), under=under) is not None) is is_found


def test_leak_is_the_likely_billable_share_of_what_is_missing():
    found = _missing(_sheet(39))
    assert rows_of(found) == {"test:TS-1": -LIKELY_HOUR_MINOR}
    assert found.severity is Severity.HIGH
    assert found.evidence[0].actual == "1 h of the period are not recorded"
    assert found.evidence[0].expected == "at most 0 h missing at the cut-off"


def test_minutes_and_money_are_each_rounded_half_up():
    # 30 min missing x 0.25 = 7.5 -> 8 min x 0.31 / 60 = 0.0413 -> 0.04
    under = _under(BillingCutOff(expected_billable_share=0.25))
    first = entry(minutes_worked=450, hourly_rate_minor=31)
    found = _missing(
        timesheet(entries=(first,), period_start=MONDAY, period_end=MONDAY), under=under
    )
    assert found.exposure_minor == -4


def test_rate_is_that_of_the_entry_that_counts_first_wherever_it_stands():
    tuesday = entry(id="E-2", work_date=MONDAY + timedelta(days=1), hourly_rate_minor=6_000)
    monday = entry(id="E-1", minutes_worked=420)
    for entries in ((monday, tuesday), (tuesday, monday)):
        sheet = timesheet(entries=entries, period_start=MONDAY, period_end=tuesday.work_date)
        assert rows_of(_missing(sheet)) == {"test:TS-1": -LIKELY_HOUR_MINOR}


@pytest.mark.parametrize(
    ("moment", "is_found"),
    [
        (datetime(2026, 3, 8, 22, 59, tzinfo=UTC), False),  # still Sunday in Vienna
        (datetime(2026, 3, 8, 23, 0, tzinfo=UTC), True),  # Monday, 00:00
    ],
)
def test_period_is_over_on_the_local_day_after_it(moment, is_found):
    assert (_missing(_sheet(30), decided_at=moment) is not None) is is_found


def test_leave_and_holidays_are_not_missing():
    assert _missing(_sheet(32), under=_under(leave=[leave(start=FRIDAY)])) is None
    closed = calendar(free_days=(FRIDAY,))
    assert _missing(_sheet(32), under=_under(calendars=(closed,))) is None


@pytest.mark.parametrize(
    ("dates", "hours"),
    [
        ({"hired_on": MONDAY + timedelta(days=1)}, 32),  # began on Tuesday
        ({"hired_on": MONDAY}, 40),
        ({"left_on": MONDAY + timedelta(days=3)}, 32),  # Thursday was the last day
        ({"left_on": FRIDAY}, 40),
    ],
)
def test_time_outside_employment_is_not_missing(dates, hours):
    under = _under(people=(person(calendar_id="AT", **dates), manager()))
    assert _missing(_sheet(hours), under=under) is None
    assert _missing(_sheet(hours - 1), under=under) is not None


def test_time_on_other_lines_counts():
    other = timesheet(
        external_id="TS-0",
        contract_id="C-2",
        entries=(entry(id="X-1", work_date=FRIDAY, minutes_worked=480),),
    )
    assert _missing(_sheet(32), before=[other]) is None


def test_time_outside_the_period_does_not_count():
    next_week = week(of="X", monday=MONDAY + timedelta(days=7))
    other = timesheet(external_id="TS-0", entries=next_week)
    assert _missing(_sheet(39), before=[other]).exposure_minor == -LIKELY_HOUR_MINOR


def _both(first_hour: int, second_hour: int):
    """Ada's week in two sheets of sixteen and twenty-four hours, submitted on Friday."""
    days = _sheet(40).entries
    given = {"period_start": MONDAY, "period_end": SUNDAY}
    first = timesheet(
        external_id="TS-1", entries=days[:2], submitted_at=at(FRIDAY, hour=first_hour), **given
    )
    second = timesheet(
        external_id="TS-2", entries=days[2:], submitted_at=at(FRIDAY, hour=second_hour), **given
    )
    return first, second


def test_only_sheets_handed_in_so_far_count():
    first, second = _both(17, 18)
    found = findings(second, first, under=_under())
    assert [one.code for one in found["test:TS-1"]] == [T18]
    assert found["test:TS-2"] == ()
    later_first = findings(*_both(18, 17), under=_under())
    assert later_first["test:TS-1"] == ()
    assert later_first["test:TS-2"][0].exposure_minor == -(16 * 60 * 698 // 1000 * 200)


def test_cutting_a_batch_in_two_changes_nothing():
    first, second = _both(17, 18)
    together = findings(first, second, under=_under())
    assert together["test:TS-1"] == findings(first, under=_under())["test:TS-1"]
    apart = findings(second, under=_under(), before=[first])["test:TS-2"]
    assert together["test:TS-2"] == apart


def test_newer_version_of_a_sheet_takes_the_place_of_the_older():
    assert _missing(_sheet(39), before=[_sheet(40)]).exposure_minor == -LIKELY_HOUR_MINOR


@pytest.mark.parametrize(
    "known",
    [
        {"people": (person(), manager())},
        {"people": (manager(),)},
        {"calendars": ()},
    ],
)
def test_without_a_calendar_nothing_can_be_missing(known):
    assert _missing(_sheet(8), under=_under(**known)) is None


def test_clause_counts_that_is_in_force_on_the_last_day_of_the_period():
    def ordered(day: date):
        order = change_order(effective_on=day, clauses=(clause(BillingCutOff()),))
        return reference(
            contract(change_orders=(order,)),
            people=(person(calendar_id="AT"), manager()),
            calendars=(calendar(),),
        )

    assert _missing(_sheet(39), under=ordered(SUNDAY)) is not None
    assert _missing(_sheet(39), under=ordered(SUNDAY + timedelta(days=1))) is None


def test_milestones_have_no_hours():
    found = findings(milestone(), _sheet(39), under=_under())
    assert found["test:MS-1"] == ()
    assert [one.code for one in found["test:TS-1"]] == [T18]


def _absent(*sheets, under=None):
    codes = Codes()
    terms, history = Terms.build(under or _under(), codes=codes), History(codes=codes)
    history.add_items(list(sheets), known_at=LONG_AGO, through=1)
    return absent_people(terms=terms, history=history, start=MONDAY, end=SUNDAY)


def test_who_was_assigned_and_recorded_nothing_is_named():
    (found,) = _absent()
    assert (found.person_id, found.contract_id, found.line_id) == ("ada", "C-1", "L-1")
    assert (found.start, found.end) == (MONDAY, SUNDAY)
    # 40 h x 0.698 = 27 h 55.2 min -> 1,675 min at 120.00 an hour
    assert (found.missing_minutes, found.exposure_minor) == (40 * 60, -3_350_00)
    assert (found.clause_id, found.currency) == ("CL-billing_cut_off", "EUR")


def test_whoever_recorded_anything_in_the_period_is_not_absent():
    sunday = timesheet(contract_id="C-2", entries=(entry(work_date=SUNDAY, minutes_worked=1),))
    assert _absent(sunday) == []
    monday_after = timesheet(entries=(entry(work_date=SUNDAY + timedelta(days=1)),))
    assert len(_absent(monday_after)) == 1


@pytest.mark.parametrize(
    ("stays", "hours"),
    [
        ([assignment(end=MONDAY)], 8),  # the last day is included
        ([assignment(start=FRIDAY)], 8),
        ([assignment(end=MONDAY), assignment(id="A-2", start=FRIDAY)], 16),
        ([assignment(), assignment(id="A-2", task_id="T-1")], 40),  # each day once
        ([assignment(end=MONDAY - timedelta(days=1))], 0),
        ([assignment(start=SUNDAY)], 0),  # a day without capacity
        ([assignment(project_id="P-2")], 0),
        ([assignment(person_id="eve")], 0),
        ([], 0),
    ],
)
def test_only_days_of_the_stay_can_be_missing(stays, hours):
    found = _absent(under=_under(assignments=stays))
    assert sum(one.missing_minutes for one in found) == hours * 60


def test_tolerance_and_leave_excuse_absence():
    assert _absent(under=_under(BillingCutOff(tolerance_minutes=40 * 60))) == []
    assert _absent(under=_under(leave=[leave(end=FRIDAY)])) == []


def test_absence_without_the_clause_is_nobodys_business():
    plain = reference(people=(person(calendar_id="AT"), manager()), calendars=(calendar(),))
    assert _absent(under=plain) == []


def test_absence_is_priced_at_the_card_of_the_persons_category():
    under = _under(people=(person(calendar_id="AT", labor_category="architect"), manager()))
    assert _absent(under=under)[0].exposure_minor == 0


def test_people_on_two_lines_are_named_once_with_the_stay_that_begins_first():
    terms = contract(
        lines=(
            ContractLine(id="L-1", project_id="P-1", name="Build"),
            ContractLine(id="L-2", project_id="P-2", name="Run"),
        ),
        clauses=clauses(BillingCutOff()),
        rate_card=(rate(), rate(line_id="L-2", hourly_rate_minor=6_000)),
    )
    stays = (assignment(), assignment(id="A-2", project_id="P-2", start=date(2025, 1, 1)))
    under = reference(
        terms,
        people=(person(calendar_id="AT"), person(id="bob", calendar_id="AT"), manager()),
        projects=(project(), project(id="P-2")),
        calendars=(calendar(),),
        assignments=(*stays, assignment(id="A-3", person_id="bob")),
    )
    found = _absent(under=under)
    assert [(one.person_id, one.line_id, one.missing_minutes) for one in found] == [
        ("ada", "L-2", 2_400),
        ("bob", "L-1", 2_400),
    ]
    assert found[0].exposure_minor == -1_675_00


def test_nobody_is_absent_from_a_firm_without_contracts():
    assert _absent(under=reference(contract(clauses=()))) == []
