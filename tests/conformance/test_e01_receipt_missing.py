"""E1: an expense reaches the receipt threshold and carries no receipt.

The threshold is 75.00 unless a row says otherwise, and what the client is asked is at stake.
"""

from __future__ import annotations

from datetime import date, timedelta

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ExpenseSubstantiation
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import SIGNED, clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.RECEIPT_MISSING
CLAUSE = "CL-expense_substantiation"
TUESDAY = date(2026, 3, 3)


def _from(threshold_minor):
    return ExpenseSubstantiation(receipt_threshold_minor=threshold_minor)


UNDER = reference(contract(clauses=clauses(_from(75_00))))


def _report(cost_minor, *, day=MONDAY, **overrides):
    """One expense without a receipt."""
    given = {"receipt_sha256": None} | overrides
    return expense_report(expense(cost_minor=cost_minor, incurred_on=day, **given))


def _lowered(**overrides):
    """From Wednesday on receipts are due from 25.00."""
    order = restating(_from(25_00), **overrides)
    return reference(contract(clauses=clauses(_from(75_00)), change_orders=(order,)))


def _in_currency(currency, threshold_minor):
    return reference(contract(currency=currency, clauses=clauses(_from(threshold_minor))))


ROWS = (
    Row(
        name="a dear ticket with its receipt",
        shows=Aspect.CLEAN,
        item=expense_report(expense(cost_minor=412_37)),
        under=UNDER,
    ),
    Row(
        name="a dear ticket without its receipt",
        shows=Aspect.HIT,
        item=_report(412_37),
        under=UNDER,
        expected={"X-1": 412_37},
        clause_id=CLAUSE,
    ),
    Row(
        name="one cent below the threshold",
        shows=Aspect.JUST_INSIDE,
        item=_report(74_99),
        under=UNDER,
    ),
    Row(
        name="exactly the threshold",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(75_00),
        under=UNDER,
        expected={"X-1": 75_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 75.01 with fifteen percent is 86.26.
        name="what is asked is at stake, markup included",
        shows=Aspect.HIT,
        item=_report(75_01, billable_minor=86_26),
        under=UNDER,
        expected={"X-1": 86_26},
        clause_id=CLAUSE,
    ),
    Row(
        name="a markup does not lift a small expense to the threshold",
        shows=Aspect.JUST_INSIDE,
        item=_report(74_99, billable_minor=86_24),
        under=UNDER,
    ),
    Row(
        name="one cent is asked of an expense at the threshold",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(75_00, billable_minor=1),
        under=UNDER,
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="nothing is asked of the client",
        shows=Aspect.JUST_INSIDE,
        item=_report(412_37, billable_minor=0),
        under=UNDER,
    ),
    Row(
        # The receipt says 29,960.00 forints; 74.90 euros are below 75.00.
        name="the cost in the contract's currency counts, not the figure on the receipt",
        shows=Aspect.CLEAN,
        item=_report(74_90, amount_minor=29_960_00, currency="HUF"),
        under=UNDER,
    ),
    Row(
        name="two of four expenses",
        shows=Aspect.HIT,
        item=expense_report(
            expense(id="X-1", cost_minor=75_00, receipt_sha256=None),
            expense(id="X-2", cost_minor=12_00, receipt_sha256=None),
            expense(id="X-3", cost_minor=233_33),
            expense(id="X-4", cost_minor=133_33, receipt_sha256=None),
        ),
        under=UNDER,
        expected={"X-1": 75_00, "X-4": 133_33},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract that asks for no receipts",
        shows=Aspect.CLEAN,
        item=_report(412_37),
    ),
    Row(
        name="the line asks for less than its contract",
        shows=Aspect.CLEAN,
        item=_report(199_99),
        under=reference(
            contract(
                clauses=(
                    *clauses(_from(75_00)),
                    clause(_from(200_00), id="CL-line", line_id="L-1"),
                )
            )
        ),
    ),
    Row(
        name="the line asks for more than its contract",
        shows=Aspect.HIT,
        item=_report(20_00),
        under=reference(
            contract(
                clauses=(
                    *clauses(_from(75_00)),
                    clause(_from(20_00), id="CL-line", line_id="L-1"),
                )
            )
        ),
        expected={"X-1": 20_00},
        clause_id="CL-line",
    ),
    Row(
        # The clause holds from the day of signature on.
        name="money that was spent the day before the contract was signed",
        shows=Aspect.CLEAN,
        item=_report(412_37, day=SIGNED - timedelta(days=1)),
        under=UNDER,
    ),
    Row(
        name="one yen below the threshold",
        shows=Aspect.JUST_INSIDE,
        item=expense_report(
            expense(cost_minor=9_999, currency="JPY", receipt_sha256=None), currency="JPY"
        ),
        under=_in_currency("JPY", 10_000),
    ),
    Row(
        # 25.001 dinars.
        name="dinars above the threshold by their smallest unit",
        shows=Aspect.JUST_OUTSIDE,
        item=expense_report(
            expense(cost_minor=25_001, currency="KWD", receipt_sha256=None), currency="KWD"
        ),
        under=_in_currency("KWD", 25_001),
        expected={"X-1": 25_001},
        clause_id=CLAUSE,
    ),
    Row(
        name="money spent the day before the threshold falls",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_report(40_00, day=TUESDAY),
        under=_lowered(),
    ),
    Row(
        name="money spent the day the threshold falls",
        shows=Aspect.AMENDED,
        item=_report(40_00, day=WEDNESDAY),
        under=_lowered(),
        expected={"X-1": 40_00},
        clause_id="CL-new",
    ),
    Row(
        # Both were handed in on Friday; the day of spending decides.
        name="two expenses around the day the threshold falls",
        shows=Aspect.AMENDED,
        item=expense_report(
            expense(id="X-1", incurred_on=TUESDAY, cost_minor=25_00, receipt_sha256=None),
            expense(id="X-2", incurred_on=WEDNESDAY, cost_minor=25_00, receipt_sha256=None),
        ),
        under=_lowered(),
        expected={"X-2": 25_00},
        clause_id="CL-new",
    ),
    Row(
        name="a lower threshold in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_report(40_00, day=WEDNESDAY),
        under=_lowered(status=ChangeOrderStatus.SENT),
    ),
)


@table(ROWS)
def test_receipt_missing(row):
    check_row(CODE, row)
