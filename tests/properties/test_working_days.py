"""What holds of capacity, overtime, effort and missing time whatever people hand in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.calendars import Leave, WorkingCalendar
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    BillingCutOff,
    Overtime,
    OvertimePeriod,
    StaffingPlan,
    WorkingCalendarTerms,
)
from models.codes import Codes
from models.columns import day_number
from models.terms import Terms
from tests.builders.calendars import calendar, leave, overtime
from tests.builders.checking import findings
from tests.builders.contracts import (
    assignment,
    clauses,
    contract,
    manager,
    person,
    reference,
)
from tests.builders.items import MONDAY, at, entry, timesheet

DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)
OWN = {
    ExceptionCode.ASSIGNMENT_EFFORT_EXCEEDED,
    ExceptionCode.OVERTIME_NOT_AUTHORIZED,
    ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT,
    ExceptionCode.MISSING_TIMESHEET,
}
FIXED_SEED = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
days = st.integers(0, 13).map(lambda offset: MONDAY + timedelta(days=offset))


@st.composite
def stays(draw, build):
    """Leave or overtime of Ada, of one day or several, whole or in part."""
    first = draw(days)
    return build(
        id=f"stay-{draw(st.integers())}",
        start=first,
        end=first + timedelta(days=draw(st.integers(0, 4))),
        minutes_per_day=draw(st.sampled_from([None, 60, 300])),
    )


@st.composite
def worlds(draw):
    """A contract that judges days or weeks, with some leave and some approvals."""
    period = draw(st.sampled_from(list(OvertimePeriod)))
    terms = clauses(
        Overtime(period=period),
        WorkingCalendarTerms(),
        BillingCutOff(tolerance_minutes=60),
        StaffingPlan(effort_tolerance=0.1),
    )
    return reference(
        contract(clauses=terms),
        people=(person(calendar_id="AT"), manager()),
        assignments=(assignment(planned_minutes=draw(st.sampled_from([None, 600, 2_000]))),),
        calendars=(calendar(free_days=tuple(draw(st.lists(days, max_size=2)))),),
        leave=draw(st.lists(stays(leave), max_size=2)),
        overtime_approvals=draw(st.lists(stays(overtime), max_size=2)),
    )


@st.composite
def streams(draw):
    """Sheets of Ada's fortnight in the order they arrive, some at the same moment."""
    sheets = []
    for number in range(draw(st.integers(1, 5))):
        rows = tuple(
            entry(
                id=f"TS-{number}-{place}",
                work_date=draw(days),
                minutes_worked=draw(st.sampled_from([60, 300, 480])),
                narrative=f"Step {number}.{place}",
            )
            for place in range(draw(st.integers(1, 3)))
        )
        sheet = timesheet(
            external_id=f"TS-{number}",
            entries=rows,
            period_start=MONDAY,
            period_end=MONDAY + timedelta(days=13),
            submitted_at=at(MONDAY + timedelta(days=draw(st.integers(14, 17)))),
        )
        sheets.append(sheet)
    return sorted(sheets, key=lambda one: (one.submitted_at, one.item_id))


def _own(found):
    return {item: [one for one in said if one.code in OWN] for item, said in found.items()}


@FIXED_SEED
@given(worlds(), streams(), st.integers(0, 5))
def test_cutting_a_stream_anywhere_never_changes_findings(world, sheets, cut):
    first, second = sheets[:cut], sheets[cut:]
    whole = _own(findings(*sheets, under=world, decided_at=DECIDED_AT))
    parts = _own(findings(*first, under=world, decided_at=DECIDED_AT))
    parts |= _own(findings(*second, under=world, before=first, decided_at=DECIDED_AT))
    assert parts == whole


@FIXED_SEED
@given(worlds(), streams())
def test_overtime_of_a_period_is_what_lies_above_all_that_was_allowed(world, sheets):
    code = ExceptionCode.OVERTIME_NOT_AUTHORIZED
    found = findings(*sheets, under=world, decided_at=DECIDED_AT)
    told_minor = sum(
        one.exposure_minor for said in found.values() for one in said if one.code is code
    )
    assert told_minor == 2_00 * sum(_over_minutes(world, sheets))


def _over_minutes(world, sheets):
    """Minutes above capacity and approvals of each day, or week, counted by hand."""
    (terms,) = (
        one.terms for one in world.contracts["C-1"].clauses if isinstance(one.terms, Overtime)
    )
    length = 7 if terms.period is OvertimePeriod.WEEK else 1
    for first in range(0, 14, length):
        period = [MONDAY + timedelta(days=first + place) for place in range(length)]
        entries = [one for sheet in sheets for one in sheet.entries if one.work_date in period]
        worked = sum(one.minutes_worked for one in entries)
        yield max(0, worked - sum(_allowed(world, day) for day in period))


def _allowed(world, day) -> int:
    approved = [one for one in world.overtime_approvals if one.start <= day <= one.end]
    if any(one.minutes_per_day is None for one in approved):
        return 10**9
    more = sum(one.minutes_per_day or 0 for one in approved)
    return _capacity(world.calendars["AT"], world.leave, day) + more


def _capacity(own: WorkingCalendar, away: tuple[Leave, ...], day) -> int:
    minutes = 0 if day in own.free_days else own.minutes_by_weekday[day.weekday()]
    for one in away:
        if one.start <= day <= one.end:
            minutes -= 1_440 if one.minutes_per_day is None else one.minutes_per_day
    return max(0, minutes)


@FIXED_SEED
@given(worlds())
def test_capacity_of_each_day_is_what_the_calendar_leaves(world):
    codes = Codes()
    terms = Terms.build(world, codes=codes)
    dates = [MONDAY + timedelta(days=offset) for offset in range(14)]
    day = np.array([day_number(one) for one in dates], dtype=np.int64)
    ada = np.full_like(day, codes.person.find("ada"))
    expected = [_capacity(world.calendars["AT"], world.leave, one) for one in dates]
    assert terms.working_days.capacity_minutes(ada, day).tolist() == expected
