"""T12: minutes above the capacity of the person's calendar have no approved overtime.

A minute at 120.00 an hour is 2.00. Ada has 480 minutes from Monday to Friday and the holidays of
Austria; in 2026 these are Easter Monday, 6 April, and Labor Day, Friday, 1 May, among others.
"""

from __future__ import annotations

from datetime import date, timedelta

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Overtime, OvertimePeriod
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.calendars import calendar, leave, overtime, region
from tests.builders.contracts import clause, contract, person, reference
from tests.builders.items import MONDAY, at, entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.OVERTIME_NOT_AUTHORIZED
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
SATURDAY, SUNDAY, SUNDAY_BEFORE = date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 1)
EASTER_MONDAY, LABOR_DAY = date(2026, 4, 6), date(2026, 5, 1)
DAILY, WEEKLY = Overtime(), Overtime(period=OvertimePeriod.WEEK)
BY_DAY = clause(DAILY, id="CL-overtime")
BY_WEEK = clause(WEEKLY, id="CL-overtime")
ADA = person(calendar_id="AT")
AUSTRIA = (calendar(),)


def _under(*agreed, who=ADA, calendars=AUSTRIA, change_orders=(), currency="EUR", **known):
    terms = contract(clauses=agreed or (BY_DAY,), change_orders=change_orders, currency=currency)
    return reference(terms, contract(id="C-2"), people=(who,), calendars=calendars, **known)


def _days(*minutes, first=MONDAY, **overrides):
    """Entries E-1, E-2 ... of days that follow each other."""
    entries = tuple(
        entry(id=f"E-{place + 1}", work_date=first + timedelta(days=place), minutes_worked=each)
        for place, each in enumerate(minutes)
    )
    return timesheet(entries=entries, **overrides)


def _past(minutes, *, day=MONDAY, **overrides):
    work = entry(id="E-0", work_date=day, minutes_worked=minutes)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


ROWS = (
    Row(
        name="half a day",
        shows=Aspect.CLEAN,
        item=one_day(240),
        under=_under(),
    ),
    Row(
        name="the capacity of the day exactly met by two entries",
        shows=Aspect.JUST_INSIDE,
        item=one_day(300, 180),
        under=_under(),
    ),
    Row(
        name="one minute above the capacity of the day",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(300, 181),
        under=_under(),
        expected={"E-2": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        # Monday runs 450, 487, 547: 7 min x 120.50 = 14.0583 -> 14.06, and 60 min at 2.00.
        # Tuesday has its own 480.
        name="a sheet that runs over in its second entry",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=450),
                entry(id="E-2", minutes_worked=37, hourly_rate_minor=120_50),
                entry(id="E-3", minutes_worked=60),
                entry(id="E-4", work_date=TUESDAY),
            )
        ),
        under=_under(),
        expected={"E-2": 14_06, "E-3": 120_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="a Saturday has no capacity",
        shows=Aspect.HIT,
        item=one_day(60, day=SATURDAY),
        under=_under(),
        expected={"E-1": 120_00},
        clause_id="CL-overtime",
    ),
    Row(
        # All of 77 min x 120.50 = 154.6417 -> 154.64.
        name="a public holiday has no capacity",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(entry(work_date=LABOR_DAY, minutes_worked=77, hourly_rate_minor=120_50),)
        ),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id="CL-overtime",
    ),
    Row(
        name="a public holiday on which work goes on",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480, day=LABOR_DAY),
        under=_under(calendars=(calendar(working_days=(LABOR_DAY,)),)),
    ),
    Row(
        # 480 - 240 of leave.
        name="what leave leaves of the day, exactly met",
        shows=Aspect.JUST_INSIDE,
        item=one_day(240),
        under=_under(leave=(leave(minutes_per_day=240),)),
    ),
    Row(
        name="one minute above what leave leaves of the day",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(241),
        under=_under(leave=(leave(minutes_per_day=240),)),
        expected={"E-1": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        # Capacity falls to zero and not below it: 60 approved minutes are 60.
        name="more leave than the day has, and approved overtime",
        shows=Aspect.JUST_INSIDE,
        item=one_day(60),
        under=_under(
            leave=(leave(minutes_per_day=600),),
            overtime_approvals=(overtime(minutes_per_day=60),),
        ),
    ),
    Row(
        name="approved overtime exactly used up",
        shows=Aspect.JUST_INSIDE,
        item=one_day(540),
        under=_under(overtime_approvals=(overtime(minutes_per_day=60),)),
    ),
    Row(
        name="one minute above the approved overtime",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(541),
        under=_under(overtime_approvals=(overtime(minutes_per_day=60),)),
        expected={"E-1": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="two approvals of one day add up",
        shows=Aspect.JUST_INSIDE,
        item=one_day(540),
        under=_under(
            overtime_approvals=(
                overtime(minutes_per_day=20),
                overtime(id="OT-2", minutes_per_day=40),
            )
        ),
    ),
    Row(
        name="overtime approved in any amount",
        shows=Aspect.CLEAN,
        item=one_day(1_440),
        under=_under(overtime_approvals=(overtime(),)),
    ),
    Row(
        name="the last day of an approval",
        shows=Aspect.JUST_INSIDE,
        item=one_day(540),
        under=_under(overtime_approvals=(overtime(start=SUNDAY_BEFORE, end=MONDAY),)),
    ),
    Row(
        name="the day after the last of an approval",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(540, day=TUESDAY),
        under=_under(overtime_approvals=(overtime(start=SUNDAY_BEFORE, end=MONDAY),)),
        expected={"E-1": 120_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="overtime approved for another person",
        shows=Aspect.HIT,
        item=one_day(540),
        under=_under(overtime_approvals=(overtime(person_id="bob"),)),
        expected={"E-1": 120_00},
        clause_id="CL-overtime",
    ),
    Row(
        # 300 elsewhere and 181 here.
        name="work accepted on another contract counts",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(181),
        before=(_past(300, contract_id="C-2"),),
        under=_under(),
        expected={"E-1": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        # The other sheet was handed in first: of 480 are 480 + 300 - 480 = 300 over.
        name="whoever hands in first uses up first",
        shows=Aspect.HIT,
        item=one_day(480, submitted_at=at(FRIDAY, hour=18)),
        beside=(
            timesheet(
                external_id="TS-2",
                contract_id="C-2",
                entries=(entry(id="F-1", minutes_worked=300),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=_under(),
        expected={"E-1": 600_00},
        clause_id="CL-overtime",
    ),
    Row(
        # 600 - 480 = 120 min over, of which 25 x 120.50 = 50.2083 -> 50.21 are billed.
        name="no more is at risk than is billed",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(entry(minutes_worked=600, minutes_billable=25, hourly_rate_minor=120_50),)
        ),
        under=_under(),
        expected={"E-1": 50_21},
        clause_id="CL-overtime",
    ),
    Row(
        name="overtime of which nothing is billed",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=600, minutes_billable=0),)),
        under=_under(),
        expected={"E-1": 0},
        clause_id="CL-overtime",
    ),
    Row(
        # 600 + 360 + 480 + 480 + 480 = 2,400.
        name="the capacity of the week exactly met by uneven days",
        shows=Aspect.JUST_INSIDE,
        item=_days(600, 360, 480, 480, 480),
        under=_under(BY_WEEK),
    ),
    Row(
        name="one minute above the capacity of the week",
        shows=Aspect.JUST_OUTSIDE,
        item=_days(600, 360, 480, 480, 480, 1),
        under=_under(BY_WEEK),
        expected={"E-6": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="Sunday belongs to the week that ends with it",
        shows=Aspect.HIT,
        item=one_day(60, day=SUNDAY),
        before=(_days(480, 480, 480, 480, 480, external_id="TS-0"),),
        under=_under(BY_WEEK),
        expected={"E-1": 120_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="the Sunday before belongs to another week",
        shows=Aspect.JUST_INSIDE,
        item=_days(480, 480, 480, 480, 480),
        before=(_past(480, day=SUNDAY_BEFORE),),
        under=_under(BY_WEEK),
    ),
    Row(
        # Four days of 480 are 1,920 after Easter Monday: the last has 1 min too much.
        name="a week with a public holiday has four days",
        shows=Aspect.JUST_OUTSIDE,
        item=_days(480, 480, 480, 481, first=EASTER_MONDAY + timedelta(days=1)),
        under=_under(BY_WEEK),
        expected={"E-4": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        # Monday is leave and Tuesday half of it: 1,920 - 240 = 1,680.
        name="leave is taken off the capacity of the week",
        shows=Aspect.JUST_OUTSIDE,
        item=_days(480, 480, 480, 241, first=TUESDAY),
        under=_under(
            BY_WEEK,
            leave=(leave(), leave(id="LV-2", start=TUESDAY, minutes_per_day=240)),
        ),
        expected={"E-4": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        # 2,400 and 60 on Monday and on Tuesday: 2,520.
        name="approvals of the days add up over the week",
        shows=Aspect.JUST_INSIDE,
        item=_days(480, 480, 480, 480, 600),
        under=_under(BY_WEEK, overtime_approvals=(overtime(end=TUESDAY, minutes_per_day=60),)),
    ),
    Row(
        name="one minute above the approvals of the week",
        shows=Aspect.JUST_OUTSIDE,
        item=_days(480, 480, 480, 480, 601),
        under=_under(BY_WEEK, overtime_approvals=(overtime(end=TUESDAY, minutes_per_day=60),)),
        expected={"E-5": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="the calendar of the country's region",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(481),
        under=_under(who=person(), regions=(region(),)),
        expected={"E-1": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        # Fridays are free for Ada, and not for her region.
        name="the person's own calendar outranks the region's",
        shows=Aspect.HIT,
        item=one_day(1, day=FRIDAY),
        under=_under(
            who=person(calendar_id="FOUR"),
            calendars=(
                calendar(),
                calendar(id="FOUR", minutes_by_weekday=(480, 480, 480, 480, 0, 0, 0)),
            ),
            regions=(region(),),
        ),
        expected={"E-1": 2_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="a person without a calendar has no overtime",
        shows=Aspect.CLEAN,
        item=one_day(1_440),
        under=_under(who=person()),
    ),
    Row(
        # By the week 600 on Monday are fine; by the day they are not.
        name="the line's own clause outranks the contract's",
        shows=Aspect.CLEAN,
        item=one_day(600),
        under=_under(BY_DAY, clause(WEEKLY, id="CL-line", line_id="L-1")),
    ),
    Row(
        # 600 - 480 = 120 min: the days are compared until Tuesday.
        name="the day before weeks are compared",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(600, day=TUESDAY),
        under=_under(change_orders=(restating(WEEKLY),)),
        expected={"E-1": 240_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="the day from which weeks are compared",
        shows=Aspect.AMENDED,
        item=one_day(600, day=WEDNESDAY),
        under=_under(change_orders=(restating(WEEKLY),)),
    ),
    Row(
        name="a change of the span that was sent and not signed",
        shows=Aspect.AMENDED,
        item=one_day(600, day=WEDNESDAY),
        under=_under(change_orders=(restating(WEEKLY, status=ChangeOrderStatus.SENT),)),
        expected={"E-1": 240_00},
        clause_id="CL-overtime",
    ),
    Row(
        name="the day from which days are compared",
        shows=Aspect.AMENDED,
        item=one_day(481, day=WEDNESDAY),
        under=_under(BY_WEEK, change_orders=(restating(DAILY),)),
        expected={"E-1": 2_00},
        clause_id="CL-new",
    ),
    Row(
        # 517 - 480 = 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=517, hourly_rate_minor=37_505),)
        ),
        under=_under(currency="KWD"),
        expected={"E-1": 23_128},
        clause_id="CL-overtime",
    ),
)


@table(ROWS)
def test_overtime_not_authorized(row):
    check_row(CODE, row)
