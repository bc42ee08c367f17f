"""T4: billable minutes of a labor category on a line are above the cap.

A minute at 120.00 an hour is 2.00. Engineers have 600 minutes unless a row says otherwise.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborCategoryHours
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import at, entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.LABOR_CATEGORY_HOURS_CAP
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)


def _cap(minutes, *, of="engineer"):
    return LaborCategoryHours(labor_category=of, cap_minutes=minutes)


def _under(*caps, **overrides):
    given = {"clauses": caps or (clause(_cap(600), id="CL-cap"),), "lines": LINES}
    return reference(contract(**(given | overrides)))


def _past(minutes, *, of="engineer", **overrides):
    work = entry(id="E-0", work_date=date(2026, 2, 23), minutes_worked=minutes, labor_category=of)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


ROWS = (
    Row(
        name="a day below the cap",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(),
    ),
    Row(
        # 120 + 480 = 600.
        name="the cap exactly used up with what was accepted before",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(120),),
        under=_under(),
    ),
    Row(
        # 121 + 480 = 601: one minute, 2.00.
        name="one minute above the cap",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480),
        before=(_past(121),),
        under=_under(),
        expected={"E-1": 2_00},
        clause_id="CL-cap",
    ),
    Row(
        # Running: 400, 590, 627, 657. Over: 27 min of the third at 120.50 = 54.225 -> 54.23,
        # and the 30 min of the fourth at 2.00.
        name="a sheet that runs over in its third entry, at a rate that does not divide",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=400),
                entry(id="E-2", minutes_worked=190),
                entry(id="E-3", minutes_worked=37, hourly_rate_minor=120_50),
                entry(id="E-4", minutes_worked=30),
            )
        ),
        under=_under(),
        expected={"E-3": 54_23, "E-4": 60_00},
        clause_id="CL-cap",
    ),
    Row(
        # 1 min at 121.30 = 2.0217 -> 2.02.
        name="one minute at an odd rate",
        shows=Aspect.JUST_OUTSIDE,
        item=timesheet(entries=(entry(minutes_worked=601, hourly_rate_minor=121_30),)),
        under=_under(),
        expected={"E-1": 2_02},
        clause_id="CL-cap",
    ),
    Row(
        # 660 worked, 600 billed.
        name="minutes that are worked and not billed do not count",
        shows=Aspect.JUST_INSIDE,
        item=timesheet(entries=(entry(minutes_worked=660, minutes_billable=600),)),
        under=_under(),
    ),
    Row(
        name="minutes of another category do not count",
        shows=Aspect.CLEAN,
        item=one_day(480),
        before=(_past(480, of="architect"),),
        under=_under(),
    ),
    Row(
        name="minutes on another line do not count",
        shows=Aspect.CLEAN,
        item=one_day(480),
        before=(_past(480, line_id="L-2"),),
        under=_under(),
    ),
    Row(
        # 480 and 480 on the line: 360 min over, 720.00.
        name="minutes of another person on the line count",
        shows=Aspect.HIT,
        item=one_day(480),
        before=(_past(480, person_id="bob"),),
        under=_under(),
        expected={"E-1": 720_00},
        clause_id="CL-cap",
    ),
    Row(
        # Bob handed in first and took 480 of 600; of Ada's 480 are 360 over.
        name="whoever hands in first uses up first, whatever day was worked",
        shows=Aspect.HIT,
        item=one_day(480, submitted_at=at(FRIDAY, hour=18)),
        beside=(
            timesheet(
                external_id="TS-2",
                person_id="bob",
                entries=(entry(id="F-1", work_date=FRIDAY),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=_under(),
        expected={"E-1": 720_00},
        clause_id="CL-cap",
    ),
    Row(
        # Each category has its own cap: 480 - 400 = 80 min of the architect at 2.00.
        name="two categories with a cap each",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=480),
                entry(id="E-2", minutes_worked=480, labor_category="architect"),
            )
        ),
        under=_under(
            clause(_cap(600), id="CL-cap"),
            clause(_cap(400, of="architect"), id="CL-architect"),
        ),
        expected={"E-2": 160_00},
        clause_id="CL-architect",
    ),
    Row(
        # 480 of the line's 450: 30 min over; the contract's 600 would hold.
        name="the line's own cap outranks the contract's",
        shows=Aspect.HIT,
        item=one_day(480),
        under=_under(
            clause(_cap(600), id="CL-cap"), clause(_cap(450), id="CL-line", line_id="L-1")
        ),
        expected={"E-1": 60_00},
        clause_id="CL-line",
    ),
    Row(
        name="a wider cap of the line outranks the contract's",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(
            clause(_cap(300), id="CL-cap"), clause(_cap(480), id="CL-line", line_id="L-1")
        ),
    ),
    Row(
        # 660 - 600 = 60 min.
        name="the day before a wider cap takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(480, 180, day=TUESDAY),
        under=_under(change_orders=(restating(_cap(660)),)),
        expected={"E-2": 120_00},
        clause_id="CL-cap",
    ),
    Row(
        name="the day a wider cap takes effect",
        shows=Aspect.AMENDED,
        item=one_day(480, 180, day=WEDNESDAY),
        under=_under(change_orders=(restating(_cap(660)),)),
    ),
    Row(
        # 661 - 660 = 1 min.
        name="one minute above the wider cap",
        shows=Aspect.AMENDED,
        item=one_day(480, 181, day=WEDNESDAY),
        under=_under(change_orders=(restating(_cap(660)),)),
        expected={"E-2": 2_00},
        clause_id="CL-new",
    ),
    Row(
        # The engineers' cap is restated; the architects' 400 stand: 480 - 400 = 80 min at 2.00.
        name="a cap restated for one category leaves the other's where it was",
        shows=Aspect.AMENDED,
        item=timesheet(
            entries=(
                entry(id="E-1", work_date=WEDNESDAY, minutes_worked=660),
                entry(
                    id="E-2", work_date=WEDNESDAY, minutes_worked=480, labor_category="architect"
                ),
            )
        ),
        under=_under(
            clause(_cap(600), id="CL-cap"),
            clause(_cap(400, of="architect"), id="CL-architect"),
            change_orders=(restating(_cap(660)),),
        ),
        expected={"E-2": 160_00},
        clause_id="CL-architect",
    ),
    Row(
        name="a wider cap that was sent and not signed",
        shows=Aspect.AMENDED,
        item=one_day(480, 180, day=WEDNESDAY),
        under=_under(change_orders=(restating(_cap(660), status=ChangeOrderStatus.SENT),)),
        expected={"E-2": 120_00},
        clause_id="CL-cap",
    ),
    Row(
        # 650 - 600 = 50 min x 9,500 yen = 7,916.67 -> 7,917 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=650, hourly_rate_minor=9_500),)
        ),
        under=_under(currency="JPY"),
        expected={"E-1": 7_917},
        clause_id="CL-cap",
    ),
    Row(
        # 637 - 600 = 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=637, hourly_rate_minor=37_505),)
        ),
        under=_under(currency="KWD"),
        expected={"E-1": 23_128},
        clause_id="CL-cap",
    ),
    Row(
        name="a cap that nobody confirmed",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(clause(_cap(60), id="CL-cap", confirmed_by=None)),
    ),
)


@table(ROWS)
def test_labor_category_hours_cap(row):
    check_row(CODE, row)
