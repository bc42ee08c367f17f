"""T20: one long entry likely lumps two or more activities together.

Above four hours one activity is asked for. The probability is 1 - 0.5 to the number of further
activities, times the length over eight hours where it is shorter; it speaks up from 0.5 on. At
stake are the twenty percent that clients take off.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.BLOCK_BILLING
CLAUSE = "CL-billing_guidelines"
TUESDAY = date(2026, 3, 3)
ONE = "Drafted the migration plan of the ledger"
TWO = "Reviewed the contract; drafted the amendment"
THREE = "Reviewed the contract; drafted the amendment; called the client"
FOUR = "Reviewed the contract; drafted the amendment; called the client; tested the import"


def _guidelines(block_minutes=240, **terms):
    return BillingGuidelines(block_minutes=block_minutes, **terms)


def _under(*terms, **overrides):
    return reference(contract(clauses=clauses(*(terms or (_guidelines(),))), **overrides))


def _sheet(narrative, minutes=480, *, day=MONDAY, **overrides):
    work = entry(work_date=day, minutes_worked=minutes, narrative=narrative, **overrides)
    return timesheet(entries=(work,))


ROWS = (
    Row(
        name="a long entry of one activity",
        shows=Aspect.CLEAN,
        item=_sheet(ONE),
        under=_under(),
    ),
    Row(
        # 1 - 0.25 = 0.75; 960.00 x 0.2.
        name="a long entry of three activities",
        shows=Aspect.HIT,
        item=_sheet(THREE),
        under=_under(),
        expected={"E-1": 192_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="three activities in exactly four hours",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(THREE, 240),
        under=_under(),
    ),
    Row(
        # 0.5 x 479 / 480 = 0.499.
        name="two activities in a minute less than eight hours",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(TWO, 479),
        under=_under(),
    ),
    Row(
        # 0.5 x 480 / 480.
        name="two activities in eight hours",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(TWO, 480),
        under=_under(),
        expected={"E-1": 192_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 0.75 x 319 / 480 = 0.498.
        name="three activities in a minute less than five hours and twenty",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(THREE, 319),
        under=_under(),
    ),
    Row(
        # 0.75 x 320 / 480 = 0.5; 640.00 x 0.2.
        name="three activities in five hours and twenty minutes",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(THREE, 320),
        under=_under(),
        expected={"E-1": 128_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="one activity twice",
        shows=Aspect.CLEAN,
        item=_sheet("Reviewed the contract; reviewed the amendment"),
        under=_under(),
    ),
    Row(
        name="eight hours of three activities, of which four are billed",
        shows=Aspect.CLEAN,
        item=_sheet(THREE, minutes_billable=240),
        under=_under(),
    ),
    Row(
        # Above 20 min: 0.875 x 1; 50 min x 120.50 = 100.4167 -> 100.42, x 0.3 = 30.126.
        name="another length and another share, at a rate that does not divide",
        shows=Aspect.HIT,
        item=_sheet(FOUR, 50, hourly_rate_minor=12_050),
        under=_under(_guidelines(20, block_haircut=0.3)),
        expected={"E-1": 30_13},
        clause_id=CLAUSE,
    ),
    Row(
        name="guidelines that name no length",
        shows=Aspect.CLEAN,
        item=_sheet(THREE),
        under=_under(BillingGuidelines()),
    ),
    Row(
        name="the line's own length is longer",
        shows=Aspect.CLEAN,
        item=_sheet(THREE),
        under=reference(
            contract(
                clauses=(
                    *clauses(_guidelines()),
                    clause(_guidelines(600), id="CL-line", line_id="L-1"),
                )
            )
        ),
    ),
    Row(
        name="the day before a length is agreed",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(THREE, day=TUESDAY),
        under=_under(BillingGuidelines(), change_orders=(restating(_guidelines()),)),
    ),
    Row(
        name="the day a length is agreed",
        shows=Aspect.AMENDED,
        item=_sheet(THREE, day=WEDNESDAY),
        under=_under(BillingGuidelines(), change_orders=(restating(_guidelines()),)),
        expected={"E-1": 192_00},
        clause_id="CL-new",
    ),
    Row(
        name="a length in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_sheet(THREE, day=WEDNESDAY),
        under=_under(
            BillingGuidelines(),
            change_orders=(restating(_guidelines(), status=ChangeOrderStatus.SENT),),
        ),
    ),
)


@table(ROWS)
def test_block_billing(row):
    check_row(CODE, row)
