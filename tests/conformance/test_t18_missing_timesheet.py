"""T18: at the cut-off, capacity less leave less recorded time is above the tolerance.

Ada's week from Monday, 2 March 2026, to Sunday has 2,400 minutes, and her first entry costs 120.00
an hour. The leak of missing minutes is their billable share of 0.698, rounded to minutes, at 2.00:
60 are 41.88 -> 42 min, 84.00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingCutOff
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import restating
from tests.builders.calendars import calendar, leave, region
from tests.builders.contracts import clause, contract, person, reference
from tests.builders.items import MONDAY, at, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MISSING_TIMESHEET
WEDNESDAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)
SATURDAY, SUNDAY = date(2026, 3, 7), date(2026, 3, 8)
EASTER_MONDAY = date(2026, 4, 6)
"""A public holiday in Austria."""
ITEM = "test:TS-1"
AGREED = clause(BillingCutOff(), id="CL-cut-off")
LENIENT = clause(BillingCutOff(tolerance_minutes=60), id="CL-cut-off")
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)


def _under(*agreed, who=None, days=None, away=(), regions=(), change_orders=(), currency="EUR"):
    terms = contract(clauses=agreed, change_orders=change_orders, lines=LINES, currency=currency)
    return reference(
        terms,
        contract(id="C-2"),
        people=(who or person(calendar_id="AT"),),
        calendars=(days or calendar(),),
        leave=away,
        regions=regions,
    )


def _sheet(*minutes, first=MONDAY, rate_minor=120_00, of="E", **overrides):
    """Entries E-1, E-2 ... of days that follow each other, in the week of the first."""
    entries = tuple(
        entry(
            id=f"{of}-{place + 1}",
            work_date=first + timedelta(days=place),
            minutes_worked=each,
            hourly_rate_minor=rate_minor,
        )
        for place, each in enumerate(minutes)
    )
    monday = first - timedelta(days=first.weekday())
    given = {"period_start": monday, "period_end": monday + timedelta(days=6)}
    return timesheet(**(given | {"entries": entries} | overrides))


def _other(*minutes, **overrides):
    """Ada's sheet on another contract."""
    return _sheet(*minutes, of="X", external_id="TS-0", contract_id="C-2", **overrides)


ROWS = (
    Row(
        name="a full week",
        shows=Aspect.CLEAN,
        item=_sheet(480, 480, 480, 480, 480),
        under=_under(AGREED),
    ),
    Row(
        # 480 x 0.698 = 335.04 -> 335 min at 2.00.
        name="a day is missing",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480),
        under=_under(AGREED),
        expected={ITEM: -670_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="the tolerance exactly used up",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(LENIENT),
    ),
    Row(
        # All 61 min count: 61 x 0.698 = 42.578 -> 43 min at 2.00.
        name="one minute above the tolerance",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480, 480, 480, 480, 419),
        under=_under(LENIENT),
        expected={ITEM: -86_00},
        clause_id="CL-cut-off",
    ),
    Row(
        # 97 x 0.698 = 67.706 -> 68 min x 120.50 = 136.5667 -> 136.57.
        name="an odd gap at the odd rate of the first entry",
        shows=Aspect.HIT,
        item=timesheet(
            period_start=MONDAY,
            period_end=date(2026, 3, 3),
            entries=(
                entry(id="E-1", minutes_worked=383, hourly_rate_minor=120_50),
                entry(id="E-2", work_date=date(2026, 3, 3), hourly_rate_minor=99_99),
            ),
        ),
        under=_under(AGREED),
        expected={ITEM: -136_57},
        clause_id="CL-cut-off",
    ),
    Row(
        # 30 x 0.25 = 7.5 -> 8 min x 0.33 = 0.044 -> 0.04.
        name="half a minute is rounded up",
        shows=Aspect.HIT,
        item=_sheet(450, 480, 480, 480, 480, rate_minor=33),
        under=_under(clause(BillingCutOff(expected_billable_share=0.25), id="CL-cut-off")),
        expected={ITEM: -4},
        clause_id="CL-cut-off",
    ),
    Row(
        name="long days make up for a short one",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(600, 360, 480, 480, 480),
        under=_under(AGREED),
    ),
    Row(
        name="Saturday makes up for Friday",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480, 480, 420, 60),
        under=_under(AGREED),
    ),
    Row(
        name="recorded time need not be billed",
        shows=Aspect.CLEAN,
        item=timesheet(
            period_start=MONDAY, period_end=MONDAY, entries=(entry(minutes_billable=0),)
        ),
        under=_under(AGREED),
    ),
    Row(
        # Sunday, 23:59 in Vienna: the period is not over.
        name="decided in the last minute of the period in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480),
        under=_under(AGREED),
        decided_at=datetime(2026, 3, 8, 22, 59, tzinfo=UTC),
    ),
    Row(
        # Four days of 480 are 1,920: x 0.698 = 1,340.16 -> 1,340 min at 2.00.
        name="decided in the first minute after the period in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480),
        under=_under(AGREED),
        decided_at=datetime(2026, 3, 8, 23, 0, tzinfo=UTC),
        expected={ITEM: -2_680_00},
        clause_id="CL-cut-off",
    ),
    Row(
        # Sunday, 19:30 in New York.
        name="Sunday 23:30 UTC is inside the period in New York",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, zone="America/New_York"),
        under=_under(AGREED),
        decided_at=datetime(2026, 3, 8, 23, 30, tzinfo=UTC),
    ),
    Row(
        name="leave is not missing",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480, 480),
        under=_under(AGREED, away=(leave(start=FRIDAY),)),
    ),
    Row(
        # 240 of Friday are left, 239 recorded: 1 x 0.698 -> 1 min at 2.00.
        name="one minute is missing beside half a day of leave",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480, 480, 480, 480, 239),
        under=_under(AGREED, away=(leave(start=FRIDAY, minutes_per_day=240),)),
        expected={ITEM: -2_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="leave that nobody approved is missing",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480),
        under=_under(AGREED, away=(leave(start=FRIDAY, is_approved=False),)),
        expected={ITEM: -670_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="a public holiday is not missing",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480, 480, first=date(2026, 4, 7)),
        under=_under(AGREED),
        decided_at=at(date(2026, 4, 13)),
    ),
    Row(
        name="a public holiday on which work goes on is missing",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, first=date(2026, 4, 7)),
        under=_under(AGREED, days=calendar(working_days=(EASTER_MONDAY,))),
        decided_at=at(date(2026, 4, 13)),
        expected={ITEM: -670_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="days before the person was hired are not missing",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480, first=WEDNESDAY),
        under=_under(AGREED, who=person(calendar_id="AT", hired_on=WEDNESDAY)),
    ),
    Row(
        name="the first day of employment is missing",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480, 480, first=date(2026, 3, 5)),
        under=_under(AGREED, who=person(calendar_id="AT", hired_on=WEDNESDAY)),
        expected={ITEM: -670_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="days after the person left are not missing",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480),
        under=_under(AGREED, who=person(calendar_id="AT", left_on=WEDNESDAY)),
    ),
    Row(
        name="the last day of employment is missing",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480, 480),
        under=_under(AGREED, who=person(calendar_id="AT", left_on=WEDNESDAY)),
        expected={ITEM: -670_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="the rest of the week was accepted on another contract",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480),
        before=(_other(480, 480, first=date(2026, 3, 5)),),
        under=_under(AGREED),
    ),
    Row(
        # 60 min are missing; the Monday after is another period.
        name="time outside the period does not count",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, 420),
        before=(_other(480, first=date(2026, 3, 9)),),
        under=_under(AGREED),
        expected={ITEM: -84_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="time of another person does not count",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, 420),
        before=(_other(480, first=FRIDAY, person_id="bob"),),
        under=_under(AGREED),
        expected={ITEM: -84_00},
        clause_id="CL-cut-off",
    ),
    Row(
        # The older version had the 60 min.
        name="the version of the sheet that this one replaces does not count",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, 420),
        before=(_sheet(480, 480, 480, 480, 480),),
        under=_under(AGREED),
        expected={ITEM: -84_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="the rest of the week was handed in an hour before",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 480, 480, submitted_at=at(FRIDAY, hour=18)),
        beside=(_other(480, 480, first=date(2026, 3, 5), submitted_at=at(FRIDAY, hour=17)),),
        under=_under(AGREED),
    ),
    Row(
        # 960 x 0.698 = 670.08 -> 670 min at 2.00.
        name="the rest of the week is handed in an hour later",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480, 480, 480, submitted_at=at(FRIDAY, hour=16)),
        beside=(_other(480, 480, first=date(2026, 3, 5), submitted_at=at(FRIDAY, hour=17)),),
        under=_under(AGREED),
        expected={ITEM: -1_340_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="the calendar of the country's region",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(AGREED, who=person(), regions=(region(),)),
        expected={ITEM: -84_00},
        clause_id="CL-cut-off",
    ),
    Row(
        name="a person without a calendar has nothing to miss",
        shows=Aspect.CLEAN,
        item=_sheet(480),
        under=_under(AGREED, who=person()),
    ),
    Row(
        # The cut-off is agreed from the Monday after the period on.
        name="the period ends the day before the cut-off is agreed",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(change_orders=(restating(BillingCutOff(), effective_on=date(2026, 3, 9)),)),
    ),
    Row(
        name="the period ends the day the cut-off is agreed",
        shows=Aspect.AMENDED,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(change_orders=(restating(BillingCutOff(), effective_on=SUNDAY),)),
        expected={ITEM: -84_00},
        clause_id="CL-new",
    ),
    Row(
        name="a cut-off that was sent and not signed",
        shows=Aspect.AMENDED,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(
            change_orders=(
                restating(BillingCutOff(), effective_on=SUNDAY, status=ChangeOrderStatus.SENT),
            )
        ),
    ),
    Row(
        name="a tolerance restated by a change order",
        shows=Aspect.AMENDED,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(
            AGREED,
            change_orders=(restating(BillingCutOff(tolerance_minutes=60), effective_on=SUNDAY),),
        ),
    ),
    Row(
        name="the line's own tolerance outranks the contract's",
        shows=Aspect.CLEAN,
        item=_sheet(480, 480, 480, 480, 420),
        under=_under(
            AGREED,
            clause(BillingCutOff(tolerance_minutes=60), id="CL-line", line_id="L-1"),
        ),
    ),
    Row(
        name="a cut-off of another line",
        shows=Aspect.CLEAN,
        item=_sheet(480),
        under=_under(clause(BillingCutOff(), id="CL-line", line_id="L-2")),
    ),
    Row(
        # 61 x 0.698 = 42.578 -> 43 min x 9,500 yen = 6,808.33 -> 6,808 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, 419, rate_minor=9_500, currency="JPY"),
        under=_under(AGREED, currency="JPY"),
        expected={ITEM: -6_808},
        clause_id="CL-cut-off",
    ),
    Row(
        # 43 min x 37.505 dinars = 26.878583 -> 26.879.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=_sheet(480, 480, 480, 480, 419, rate_minor=37_505, currency="KWD"),
        under=_under(AGREED, currency="KWD"),
        expected={ITEM: -26_879},
        clause_id="CL-cut-off",
    ),
)


@table(ROWS)
def test_missing_timesheet(row):
    check_row(CODE, row)
