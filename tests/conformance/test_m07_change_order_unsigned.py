"""M7: the work cites a change order that is not executed on the day, or that adds no funds.

90 minutes at 120.00 an hour are 180.00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ChangeControl
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, at, entry, milestone, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.CHANGE_ORDER_UNSIGNED
CLAUSE = "CL-change_control"
TUESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 5)
CONTROLLED = clauses(ChangeControl())
LATE_ON_TUESDAY = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
"""Wednesday in Vienna, and still Tuesday in New York."""


def _order(**overrides):
    """Executed, effective on Wednesday, and worth 5,000.00."""
    given = {"effective_on": WEDNESDAY, "delta_value_minor": 5_000_00}
    return change_order(**(given | overrides))


def _under(*orders, agreed=CONTROLLED, **overrides):
    return reference(
        contract(clauses=agreed, change_orders=orders or (_order(),), **overrides),
        contract(id="C-2", change_orders=(_order(id="CO-2"),)),
    )


def _sheet(*, day=WEDNESDAY, order="CO-1", minutes=90, **overrides):
    work = entry(work_date=day, minutes_worked=minutes, change_order_id=order, **overrides)
    return timesheet(entries=(work,))


def _report(*, day=WEDNESDAY, **overrides):
    spent = expense(incurred_on=day, cost_minor=80_00, **({"change_order_id": "CO-1"} | overrides))
    return expense_report(spent)


def _milestone(submitted_at, **overrides):
    return milestone(submitted_at=submitted_at, change_order_id="CO-1", **overrides)


ROWS = (
    Row(
        name="work that cites no order",
        shows=Aspect.CLEAN,
        item=_sheet(order=None),
        under=_under(),
    ),
    Row(
        name="work under an executed order that adds money",
        shows=Aspect.CLEAN,
        item=_sheet(day=THURSDAY),
        under=_under(),
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21.
        name="an order that was only sent",
        shows=Aspect.HIT,
        item=_sheet(minutes=25, hourly_rate_minor=12_050),
        under=_under(_order(status=ChangeOrderStatus.SENT)),
        expected={"E-1": 50_21},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that was only drafted",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_order(status=ChangeOrderStatus.DRAFT)),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that was voided",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_order(status=ChangeOrderStatus.VOID)),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that nobody knows",
        shows=Aspect.HIT,
        item=_sheet(order="CO-9"),
        under=_under(),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order of another contract",
        shows=Aspect.HIT,
        item=_sheet(order="CO-2"),
        under=_under(),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that adds one cent",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(_order(delta_value_minor=1)),
    ),
    Row(
        name="an order that only moves the end",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        under=_under(_order(delta_value_minor=0, new_period_end=date(2027, 1, 31))),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that adds funds and no value",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(_order(delta_value_minor=0, delta_funded_minor=1)),
    ),
    Row(
        # 5,000.00 - 5,000.00 = 0.
        name="an order that adds as much value as it takes funds",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        under=_under(_order(delta_funded_minor=-5_000_00)),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that takes money away",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_order(delta_value_minor=-1)),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="work under an unsigned order that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(minutes_billable=0),
        under=_under(_order(status=ChangeOrderStatus.SENT)),
    ),
    Row(
        # The first cites nothing, the second the signed order, the third an unknown one.
        name="one of three entries",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", work_date=MONDAY),
                entry(id="E-2", work_date=WEDNESDAY, change_order_id="CO-1"),
                entry(id="E-3", work_date=THURSDAY, minutes_worked=90, change_order_id="CO-9"),
            )
        ),
        under=_under(),
        expected={"E-3": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract that says nothing about change control",
        shows=Aspect.HIT,
        item=_sheet(order="CO-9"),
        under=_under(agreed=clauses()),
        expected={"E-1": 180_00},
    ),
    Row(
        name="the line's own clause is cited",
        shows=Aspect.HIT,
        item=_sheet(order="CO-9"),
        under=_under(agreed=(*CONTROLLED, clause(ChangeControl(), id="CL-line", line_id="L-1"))),
        expected={"E-1": 180_00},
        clause_id="CL-line",
    ),
    Row(
        # 50 min at 10,001 yen = 8,334.17 -> 8,334.
        name="an unknown order in yen",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY",
            entries=(entry(minutes_worked=50, hourly_rate_minor=10_001, change_order_id="CO-9"),),
        ),
        under=_under(currency="JPY"),
        expected={"E-1": 8_334},
        clause_id=CLAUSE,
    ),
    Row(
        name="work of the day before the order takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(day=TUESDAY),
        under=_under(),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="work of the day the order takes effect",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(),
    ),
    Row(
        # Asked are 92.00 of 80.00.
        name="an expense of the day before the order takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_report(day=TUESDAY, billable_minor=92_00),
        under=_under(),
        expected={"X-1": 92_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an expense of the day the order takes effect",
        shows=Aspect.AMENDED,
        item=_report(),
        under=_under(),
    ),
    Row(
        name="an expense under an unknown order that is not billed",
        shows=Aspect.CLEAN,
        item=_report(change_order_id="CO-9", billable_minor=0),
        under=_under(),
    ),
    Row(
        name="a milestone submitted the day before the order takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_milestone(at(TUESDAY), amount_minor=20_000_01),
        under=_under(),
        expected={"test:MS-1": 20_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # Tuesday 23:30 UTC is Wednesday in Vienna.
        name="a milestone submitted late the evening before, by the day in Vienna",
        shows=Aspect.AMENDED,
        item=_milestone(LATE_ON_TUESDAY),
        under=_under(),
    ),
    Row(
        name="a milestone submitted late the evening before, by the day in New York",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_milestone(LATE_ON_TUESDAY, zone="America/New_York"),
        under=_under(),
        expected={"test:MS-1": 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a milestone under an unsigned order that is not marked as ready to bill",
        shows=Aspect.CLEAN,
        item=_milestone(at(WEDNESDAY), is_ready_to_bill=False),
        under=_under(_order(status=ChangeOrderStatus.SENT)),
    ),
    Row(
        # The control itself is restated by another order.
        name="a restated clause is cited from its day on",
        shows=Aspect.AMENDED,
        item=_sheet(order="CO-9"),
        under=_under(_order(), restating(ChangeControl(), id="CO-3", number="3")),
        expected={"E-1": 180_00},
        clause_id="CL-new",
    ),
)


@table(ROWS)
def test_change_order_unsigned(row):
    check_row(CODE, row)
