"""T23: billed minutes are no multiple of the increment, or rounded otherwise than agreed.

A minute at 120.00 an hour is 2.00. Increments are of 15 minutes, to the nearest, unless a row
says otherwise.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingIncrement, Rounding
from data.schemas.regions import BillingPractice
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.calendars import calendar, region
from tests.builders.contracts import clause, clauses, client, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.BILLING_INCREMENT_VIOLATION
CLAUSE = "CL-billing_increment"
TUESDAY = date(2026, 3, 3)
QUARTERS = BillingIncrement(increment_minutes=15)
TENTHS = BillingIncrement(increment_minutes=6)


def _under(terms=QUARTERS, **overrides):
    return reference(contract(clauses=clauses(terms), **overrides))


def _up(increment_minutes=15):
    return _under(BillingIncrement(increment_minutes=increment_minutes, rounding=Rounding.UP))


def _down():
    return _under(BillingIncrement(increment_minutes=15, rounding=Rounding.DOWN))


def _by_practice(*, of_client=None, of_region=None, agreed=None):
    """No clause, unless one is given: the client's increment, or its region's."""
    return reference(
        contract(clauses=clauses(*([agreed] if agreed else []))),
        clients=(client(practice=of_client and BillingPractice(increment_minutes=of_client)),),
        regions=(region(practice=BillingPractice(increment_minutes=of_region)),),
        calendars=(calendar(),),
    )


def _restated(**overrides):
    return _under(TENTHS, change_orders=(restating(QUARTERS, **overrides),))


def _sheet(worked, billed, *, day=MONDAY, **overrides):
    work = entry(work_date=day, minutes_worked=worked, minutes_billable=billed, **overrides)
    return timesheet(entries=(work,))


ROWS = (
    Row(
        name="whole quarters of an hour, billed as worked",
        shows=Aspect.CLEAN,
        item=_sheet(90, 90),
        under=_under(),
    ),
    Row(
        # 50 / 15 = 3.33 -> 45 min: 100.00 were billed and 90.00 are due.
        name="minutes that are no multiple",
        shows=Aspect.HIT,
        item=_sheet(50, 50),
        under=_under(),
        expected={"E-1": 10_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 x 120.50 / 60 = 100.4167 -> 100.42; 45 x 120.50 / 60 = 90.375 -> 90.38.
        name="both lines are rounded before they are compared",
        shows=Aspect.HIT,
        item=_sheet(50, 50, hourly_rate_minor=12_050),
        under=_under(),
        expected={"E-1": 10_04},
        clause_id=CLAUSE,
    ),
    Row(
        # 57 / 6 = 9.5 -> 10 increments.
        name="half an increment goes up",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(57, 60),
        under=_under(TENTHS),
    ),
    Row(
        # 56 / 6 = 9.33 -> 54 min: 6 min x 2.00 too much.
        name="a minute less than half an increment goes down",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(56, 60),
        under=_under(TENTHS),
        expected={"E-1": 12_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 57 min make 60: 6 min x 2.00 were not billed.
        name="half an increment that was rounded down",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(57, 54),
        under=_under(TENTHS),
        expected={"E-1": -12_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="rounded up to the next increment as agreed",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(46, 60),
        under=_up(),
    ),
    Row(
        # 46 min make 60: 15 min x 2.00 were not billed.
        name="rounded to the nearest where up is agreed",
        shows=Aspect.HIT,
        item=_sheet(46, 45),
        under=_up(),
        expected={"E-1": -30_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a whole increment stays where up is agreed",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(45, 45),
        under=_up(),
    ),
    Row(
        # 45 min stay 45: 15 min x 2.00 too much.
        name="a whole increment is billed as the next one",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(45, 60),
        under=_up(),
        expected={"E-1": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="rounded down as agreed",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(59, 45),
        under=_down(),
    ),
    Row(
        # 59 min make 45: 15 min x 2.00 too much.
        name="rounded to the nearest where down is agreed",
        shows=Aspect.HIT,
        item=_sheet(59, 60),
        under=_down(),
        expected={"E-1": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 59 min make 45: 14 min x 2.00 too much.
        name="not rounded at all where down is agreed",
        shows=Aspect.HIT,
        item=_sheet(59, 59),
        under=_down(),
        expected={"E-1": 28_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 7 / 15 = 0.47 -> nothing is due.
        name="less than half an increment, billed as a whole one",
        shows=Aspect.HIT,
        item=_sheet(7, 15),
        under=_under(),
        expected={"E-1": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="nothing billed is never a matter of increments",
        shows=Aspect.CLEAN,
        item=_sheet(50, 0),
        under=_under(),
    ),
    Row(
        name="fewer minutes, whole increments, and the reason why",
        shows=Aspect.CLEAN,
        item=_sheet(50, 30, adjustment_reason="agreed with the client"),
        under=_under(),
    ),
    Row(
        # With a reason, what is billed is rounded: 50 -> 45, 5 min x 2.00.
        name="a reason excuses no broken increment, and too much is billed",
        shows=Aspect.HIT,
        item=_sheet(100, 50, adjustment_reason="agreed with the client"),
        under=_under(),
        expected={"E-1": 10_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 53 -> 60, 7 min x 2.00.
        name="a reason excuses no broken increment, and too little is billed",
        shows=Aspect.HIT,
        item=_sheet(100, 53, adjustment_reason="agreed with the client"),
        under=_under(),
        expected={"E-1": -14_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 -> 45: +10.00; 90 stays; 23 -> 30: 7 min x 2.00 not billed.
        name="one entry too long, one right, one too short",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=50),
                entry(id="E-2", work_date=TUESDAY, minutes_worked=90),
                entry(id="E-3", work_date=WEDNESDAY, minutes_worked=23),
            )
        ),
        under=_under(),
        expected={"E-1": 10_00, "E-3": -14_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="less than was worked, where no increment is agreed",
        shows=Aspect.CLEAN,
        item=_sheet(60, 50),
    ),
    Row(
        name="as much as was worked, where no increment is agreed",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(59, 59),
    ),
    Row(
        name="a minute more than was worked, where no increment is agreed",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(59, 60),
        expected={"E-1": 2_00},
    ),
    Row(
        # 70 - 60 = 10 min x 2.00.
        name="a reason excuses no minutes that nobody worked, where no increment is agreed",
        shows=Aspect.HIT,
        item=_sheet(60, 70, adjustment_reason="agreed with the client"),
        expected={"E-1": 20_00},
    ),
    Row(
        # 50 -> 45, and no clause to cite.
        name="the client's own increment, where the contract names none",
        shows=Aspect.HIT,
        item=_sheet(50, 50),
        under=_by_practice(of_client=15),
        expected={"E-1": 10_00},
    ),
    Row(
        name="the increment of the client's region, where the client has none",
        shows=Aspect.HIT,
        item=_sheet(50, 50),
        under=_by_practice(of_region=15),
        expected={"E-1": 10_00},
    ),
    Row(
        name="the client's increment outranks its region's",
        shows=Aspect.CLEAN,
        item=_sheet(50, 50),
        under=_by_practice(of_client=10, of_region=15),
    ),
    Row(
        # By the contract 50 -> 48 in tenths of an hour: 2 min x 2.00; the client's ten would fit.
        name="the contract's increment outranks the client's",
        shows=Aspect.HIT,
        item=_sheet(50, 50),
        under=_by_practice(of_client=10, agreed=TENTHS),
        expected={"E-1": 4_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the line's increment outranks the contract's",
        shows=Aspect.CLEAN,
        item=_sheet(54, 54),
        under=reference(
            contract(clauses=(*clauses(QUARTERS), clause(TENTHS, id="CL-line", line_id="L-1")))
        ),
    ),
    Row(
        # 50 min at 10,001 yen = 8,334.17 -> 8,334; 45 min = 7,500.75 -> 7,501.
        name="a broken increment in yen",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=50, hourly_rate_minor=10_001),)
        ),
        under=_under(currency="JPY"),
        expected={"E-1": 833},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 min x 35.125 dinars = 29.27083 -> 29.271; 45 min = 26.34375 -> 26.344.
        name="a broken increment in dinars",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=50, hourly_rate_minor=35_125),)
        ),
        under=_under(currency="KWD"),
        expected={"E-1": 2_927},
        clause_id=CLAUSE,
    ),
    Row(
        # Tenths of an hour still hold: 54 is nine of them.
        name="the day before quarters take the place of tenths",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(54, 54, day=TUESDAY),
        under=_restated(),
    ),
    Row(
        # 54 / 15 = 3.6 -> 60: 6 min x 2.00 were not billed.
        name="the day quarters take the place of tenths",
        shows=Aspect.AMENDED,
        item=_sheet(54, 54, day=WEDNESDAY),
        under=_restated(),
        expected={"E-1": -12_00},
        clause_id="CL-new",
    ),
    Row(
        name="quarters in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_sheet(54, 54, day=WEDNESDAY),
        under=_restated(status=ChangeOrderStatus.SENT),
    ),
)


@table(ROWS)
def test_billing_increment_violation(row):
    check_row(CODE, row)
