"""T13: on leave or a holiday an entry has more minutes than remain of the day.

The whole entry is then at risk. A minute at 120.00 an hour is 2.00. Ada has 480 minutes from
Monday to Friday and the holidays of Austria; Labor Day, 1 May 2026, is a Friday.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import WorkingCalendarTerms
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.calendars import calendar, leave, region
from tests.builders.contracts import clause, contract, person, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT
TUESDAY, THURSDAY, SATURDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 7)
LABOR_DAY = date(2026, 5, 1)
CORPUS_CHRISTI = date(2026, 6, 4)
"""Sixty days after Easter Sunday, 5 April: a holiday in Bavaria and not in Berlin."""
AGREED = clause(WorkingCalendarTerms(), id="CL-days")
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)


def _under(
    *days_off,
    agreed=(AGREED,),
    who=None,
    days=None,
    change_orders=(),
    currency="EUR",
    **known,
):
    terms = contract(clauses=agreed, change_orders=change_orders, lines=LINES, currency=currency)
    return reference(
        terms,
        people=(who or person(calendar_id="AT"),),
        calendars=(days or calendar(),),
        leave=days_off,
        **known,
    )


def _germany(subdivision):
    return calendar(country="DE", subdivision=subdivision)


def _sheet(minutes, *, day=MONDAY, **overrides):
    return timesheet(entries=(entry(work_date=day, minutes_worked=minutes, **overrides),))


def _odd(*, day):
    """77 minutes at 120.50 an hour, 154.6417 -> 154.64."""
    return _sheet(77, day=day, hourly_rate_minor=120_50)


ROWS = (
    Row(
        name="an ordinary day",
        shows=Aspect.CLEAN,
        item=_sheet(480),
        under=_under(),
    ),
    Row(
        name="long hours on an ordinary day are no conflict",
        shows=Aspect.CLEAN,
        item=_sheet(900),
        under=_under(),
    ),
    Row(
        name="a day of leave",
        shows=Aspect.HIT,
        item=_odd(day=MONDAY),
        under=_under(leave()),
        expected={"E-1": 154_64},
        clause_id="CL-days",
    ),
    Row(
        # 480 - 240 = 240.
        name="what leave leaves of the day, exactly met",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(240),
        under=_under(leave(minutes_per_day=240)),
    ),
    Row(
        # 241 of 240: all 241 min at 2.00.
        name="one minute more than leave leaves puts the whole entry at risk",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(241),
        under=_under(leave(minutes_per_day=240)),
        expected={"E-1": 482_00},
        clause_id="CL-days",
    ),
    Row(
        # Each has no more than the 240 that are left.
        name="entries are compared one by one",
        shows=Aspect.JUST_INSIDE,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=200),
                entry(id="E-2", minutes_worked=240),
            )
        ),
        under=_under(leave(minutes_per_day=240)),
    ),
    Row(
        # 480 - 200 - 100 = 180.
        name="two leaves of one day add up",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(181),
        under=_under(leave(minutes_per_day=200), leave(id="LV-2", minutes_per_day=100)),
        expected={"E-1": 362_00},
        clause_id="CL-days",
    ),
    Row(
        name="leave that nobody approved",
        shows=Aspect.CLEAN,
        item=_sheet(480),
        under=_under(leave(is_approved=False)),
    ),
    Row(
        name="leave of another person",
        shows=Aspect.CLEAN,
        item=_sheet(480),
        under=_under(leave(person_id="bob")),
    ),
    Row(
        name="the eve of leave",
        shows=Aspect.JUST_INSIDE,
        item=_odd(day=MONDAY),
        under=_under(leave(start=TUESDAY, end=WEDNESDAY)),
    ),
    Row(
        name="the last day of leave",
        shows=Aspect.JUST_OUTSIDE,
        item=_odd(day=WEDNESDAY),
        under=_under(leave(start=TUESDAY, end=WEDNESDAY)),
        expected={"E-1": 154_64},
        clause_id="CL-days",
    ),
    Row(
        name="the day after leave",
        shows=Aspect.JUST_INSIDE,
        item=_odd(day=THURSDAY),
        under=_under(leave(start=TUESDAY, end=WEDNESDAY)),
    ),
    Row(
        # Tuesday 25 min x 120.50 = 50.2083 -> 50.21, Wednesday 480 min at 2.00.
        name="a week with two days of leave",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1"),
                entry(id="E-2", work_date=TUESDAY, minutes_worked=25, hourly_rate_minor=120_50),
                entry(id="E-3", work_date=WEDNESDAY),
                entry(id="E-4", work_date=THURSDAY),
            )
        ),
        under=_under(leave(start=TUESDAY, end=WEDNESDAY)),
        expected={"E-2": 50_21, "E-3": 960_00},
        clause_id="CL-days",
    ),
    Row(
        name="a public holiday",
        shows=Aspect.HIT,
        item=_odd(day=LABOR_DAY),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id="CL-days",
    ),
    Row(
        name="the eve of a public holiday",
        shows=Aspect.JUST_INSIDE,
        item=_odd(day=date(2026, 4, 30)),
        under=_under(),
    ),
    Row(
        name="a public holiday on which work goes on",
        shows=Aspect.CLEAN,
        item=_sheet(480, day=LABOR_DAY),
        under=_under(days=calendar(working_days=(LABOR_DAY,))),
    ),
    Row(
        name="a free day of the firm",
        shows=Aspect.HIT,
        item=_sheet(1),
        under=_under(days=calendar(free_days=(MONDAY,))),
        expected={"E-1": 2_00},
        clause_id="CL-days",
    ),
    Row(
        name="a holiday of Bavaria in Bavaria",
        shows=Aspect.HIT,
        item=_odd(day=CORPUS_CHRISTI),
        under=_under(days=_germany("BY")),
        expected={"E-1": 154_64},
        clause_id="CL-days",
    ),
    Row(
        name="a holiday of Bavaria in Berlin",
        shows=Aspect.CLEAN,
        item=_odd(day=CORPUS_CHRISTI),
        under=_under(days=_germany("BE")),
    ),
    Row(
        name="a plain Saturday is no conflict",
        shows=Aspect.CLEAN,
        item=_sheet(480, day=SATURDAY),
        under=_under(),
    ),
    Row(
        # Nothing was left of Saturday before leave, and nothing is after it.
        name="leave on a Saturday is a conflict",
        shows=Aspect.HIT,
        item=_sheet(60, day=SATURDAY),
        under=_under(leave(start=SATURDAY)),
        expected={"E-1": 120_00},
        clause_id="CL-days",
    ),
    Row(
        name="work on leave of which nothing is billed",
        shows=Aspect.HIT,
        item=_sheet(480, minutes_billable=0),
        under=_under(leave()),
        expected={"E-1": 0},
        clause_id="CL-days",
    ),
    Row(
        # 300 min were worked; 25 x 120.50 = 50.2083 -> 50.21 are billed.
        name="no more is at risk than is billed",
        shows=Aspect.HIT,
        item=_sheet(300, minutes_billable=25, hourly_rate_minor=120_50),
        under=_under(leave()),
        expected={"E-1": 50_21},
        clause_id="CL-days",
    ),
    Row(
        name="an entry without minutes on leave",
        shows=Aspect.CLEAN,
        item=_sheet(0),
        under=_under(leave()),
    ),
    Row(
        name="the calendar of the country's region",
        shows=Aspect.HIT,
        item=_odd(day=LABOR_DAY),
        under=_under(who=person(), regions=(region(),)),
        expected={"E-1": 154_64},
        clause_id="CL-days",
    ),
    Row(
        name="a person without a calendar",
        shows=Aspect.CLEAN,
        item=_odd(day=LABOR_DAY),
        under=_under(leave(start=LABOR_DAY), who=person()),
    ),
    Row(
        name="the day before calendars are agreed by a change order",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_odd(day=TUESDAY),
        under=_under(
            leave(start=TUESDAY, end=WEDNESDAY),
            agreed=(),
            change_orders=(restating(WorkingCalendarTerms()),),
        ),
    ),
    Row(
        name="the day calendars are agreed by a change order",
        shows=Aspect.AMENDED,
        item=_odd(day=WEDNESDAY),
        under=_under(
            leave(start=TUESDAY, end=WEDNESDAY),
            agreed=(),
            change_orders=(restating(WorkingCalendarTerms()),),
        ),
        expected={"E-1": 154_64},
        clause_id="CL-new",
    ),
    Row(
        name="calendars in an order that was sent and not signed",
        shows=Aspect.AMENDED,
        item=_odd(day=WEDNESDAY),
        under=_under(
            leave(start=TUESDAY, end=WEDNESDAY),
            agreed=(),
            change_orders=(restating(WorkingCalendarTerms(), status=ChangeOrderStatus.SENT),),
        ),
    ),
    Row(
        name="the line's own clause is cited before the contract's",
        shows=Aspect.HIT,
        item=_odd(day=MONDAY),
        under=_under(
            leave(),
            agreed=(AGREED, clause(WorkingCalendarTerms(), id="CL-line", line_id="L-1")),
        ),
        expected={"E-1": 154_64},
        clause_id="CL-line",
    ),
    Row(
        name="a clause of another line",
        shows=Aspect.CLEAN,
        item=_odd(day=MONDAY),
        under=_under(
            leave(), agreed=(clause(WorkingCalendarTerms(), id="CL-line", line_id="L-2"),)
        ),
    ),
    Row(
        # 50 min x 9,500 yen = 7,916.67 -> 7,917 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=_sheet(50, hourly_rate_minor=9_500).model_copy(update={"currency": "JPY"}),
        under=_under(leave(), currency="JPY"),
        expected={"E-1": 7_917},
        clause_id="CL-days",
    ),
)


@table(ROWS)
def test_leave_or_holiday_conflict(row):
    check_row(CODE, row)
