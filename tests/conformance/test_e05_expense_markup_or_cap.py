"""E5: billed above cost and the agreed markup, or above the cap of expenses over the line's life.

Fifteen percent are agreed and no cap, unless a row says otherwise.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Materials
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, at
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.EXPENSE_MARKUP_OR_CAP
CLAUSE = "CL-materials"
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)
FIFTEEN = Materials(markup=0.15)


def _under(terms=FIFTEEN, **overrides):
    return reference(contract(clauses=clauses(terms), lines=LINES, **overrides))


def _capped(cap_minor, *, markup=0.15):
    return _under(Materials(markup=markup, cap_minor=cap_minor))


def _report(cost_minor, billable_minor, *, day=MONDAY, **overrides):
    spent = expense(cost_minor=cost_minor, billable_minor=billable_minor, incurred_on=day)
    return expense_report(spent, **overrides)


def _before(billable_minor, **overrides):
    """What was accepted earlier."""
    spent = expense(id="X-0", merchant="Westbahn", cost_minor=billable_minor)
    return expense_report(spent, **({"external_id": "EX-0"} | overrides))


def _restated(terms, *, first=FIFTEEN, **overrides):
    return _under(first, change_orders=(restating(terms, **overrides),))


def _in_currency(currency):
    return _under(currency=currency)


ROWS = (
    Row(
        name="billed at cost",
        shows=Aspect.CLEAN,
        item=_report(80_00, 80_00),
        under=_under(),
    ),
    Row(
        # 80.00 x 1.15 = 92.00; 100.00 were billed.
        name="billed with a quarter more",
        shows=Aspect.HIT,
        item=_report(80_00, 100_00),
        under=_under(),
        expected={"X-1": 8_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 33.33 x 0.15 = 4.9995 -> 5.00.
        name="a markup that does not divide, exactly met",
        shows=Aspect.JUST_INSIDE,
        item=_report(33_33, 38_33),
        under=_under(),
    ),
    Row(
        name="a markup that does not divide, and one cent",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(33_33, 38_34),
        under=_under(),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 33.30 x 0.15 = 4.995 -> 5.00.
        name="half a cent of markup goes up",
        shows=Aspect.JUST_INSIDE,
        item=_report(33_30, 38_30),
        under=_under(),
    ),
    Row(
        # 120.50 x 0.29 = 34.945 -> 34.95, though 0.29 has no exact binary form.
        name="half a cent of a markup that has no binary form goes up too",
        shows=Aspect.JUST_INSIDE,
        item=_report(120_50, 155_45),
        under=_under(Materials(markup=0.29)),
    ),
    Row(
        # 120.50 + 34.95 = 155.45.
        name="and one cent more is too much",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(120_50, 155_46),
        under=_under(Materials(markup=0.29)),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="one cent above cost where no markup is agreed",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(80_00, 80_01),
        under=_under(Materials()),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # The receipt says 32,000.00 forints, 80.00 euros: 92.00 are allowed.
        name="the markup is on the cost in the contract's currency",
        shows=Aspect.JUST_OUTSIDE,
        item=expense_report(
            expense(amount_minor=32_000_00, currency="HUF", cost_minor=80_00, billable_minor=92_01)
        ),
        under=_under(),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 419.99 before and 80.01 now.
        name="the cap exactly used up",
        shows=Aspect.JUST_INSIDE,
        item=_report(80_01, 80_01),
        before=(_before(419_99),),
        under=_capped(500_00),
    ),
    Row(
        # 420.00 before and 80.01 now: 500.01 - 500.00.
        name="one cent above the cap",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(80_01, 80_01),
        before=(_before(420_00),),
        under=_capped(500_00),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 600.00 before: no more than what is asked now stands above the cap.
        name="a cap that was used up before",
        shows=Aspect.HIT,
        item=_report(80_00, 80_00),
        before=(_before(600_00),),
        under=_capped(500_00),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a cap that was used up before, and nothing asked now",
        shows=Aspect.CLEAN,
        item=_report(80_00, 0),
        before=(_before(600_00),),
        under=_capped(500_00),
    ),
    Row(
        name="expenses of another line do not count",
        shows=Aspect.CLEAN,
        item=_report(80_00, 80_00),
        before=(_before(600_00, line_id="L-2"),),
        under=_capped(500_00),
    ),
    Row(
        # 80.00 + 80.00 - 100.00.
        name="expenses of a colleague on the line count",
        shows=Aspect.HIT,
        item=_report(80_00, 80_00),
        before=(_before(80_00, person_id="bob"),),
        under=_capped(100_00),
        expected={"X-1": 60_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an older version of the same report does not count",
        shows=Aspect.JUST_INSIDE,
        item=_report(80_00, 80_00),
        before=(_report(60_00, 60_00),),
        under=_capped(80_00),
    ),
    Row(
        # The other report takes 80.00 of 100.00 first; 80.00 + 80.00 - 100.00.
        name="whoever hands in first uses up first",
        shows=Aspect.HIT,
        item=_report(80_00, 80_00, submitted_at=at(FRIDAY, hour=18)),
        beside=(_before(80_00, submitted_at=at(FRIDAY, hour=17)),),
        under=_capped(100_00),
        expected={"X-1": 60_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the report handed in first finds the cap unused",
        shows=Aspect.JUST_INSIDE,
        item=_report(80_00, 80_00, submitted_at=at(FRIDAY, hour=16)),
        beside=(_before(80_00, submitted_at=at(FRIDAY, hour=17)),),
        under=_capped(80_00),
    ),
    Row(
        # Running: 60.00, 120.00, 153.33. Above 100.00: 20.00 of the second, all of the third.
        name="a report that runs over in its second expense",
        shows=Aspect.HIT,
        item=expense_report(
            expense(id="X-1", cost_minor=60_00),
            expense(id="X-2", cost_minor=60_00, incurred_on=TUESDAY),
            expense(id="X-3", cost_minor=33_33, incurred_on=WEDNESDAY),
        ),
        under=_capped(100_00),
        expected={"X-2": 20_00, "X-3": 33_33},
        clause_id=CLAUSE,
    ),
    Row(
        # Markup: 100.00 - 92.00 = 8.00. Cap: 100.00 - 97.00 = 3.00.
        name="the markup is further over than the cap",
        shows=Aspect.HIT,
        item=_report(80_00, 100_00),
        under=_capped(97_00),
        expected={"X-1": 8_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Markup: 100.00 - 92.00 = 8.00. Cap: 100.00 - 70.00 = 30.00.
        name="the cap is further over than the markup",
        shows=Aspect.HIT,
        item=_report(80_00, 100_00),
        under=_capped(70_00),
        expected={"X-1": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract that says nothing about materials",
        shows=Aspect.CLEAN,
        item=_report(80_00, 100_00),
    ),
    Row(
        # The line: 80.00 at cost. The contract would allow 92.00.
        name="the line's own markup",
        shows=Aspect.HIT,
        item=_report(80_00, 92_00),
        under=reference(
            contract(
                clauses=(*clauses(FIFTEEN), clause(Materials(), id="CL-line", line_id="L-1")),
                lines=LINES,
            )
        ),
        expected={"X-1": 12_00},
        clause_id="CL-line",
    ),
    Row(
        # 3,333 yen x 0.15 = 499.95 -> 500.
        name="one yen above cost and markup",
        shows=Aspect.JUST_OUTSIDE,
        item=expense_report(
            expense(cost_minor=3_333, billable_minor=3_834, currency="JPY"), currency="JPY"
        ),
        under=_in_currency("JPY"),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 10.003 dinars x 0.15 = 1.50045 -> 1.500.
        name="dinars exactly at cost and markup",
        shows=Aspect.JUST_INSIDE,
        item=expense_report(
            expense(cost_minor=10_003, billable_minor=11_503, currency="KWD"), currency="KWD"
        ),
        under=_in_currency("KWD"),
    ),
    Row(
        name="spent the day before the markup falls away",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_report(80_00, 92_00, day=TUESDAY),
        under=_restated(Materials()),
    ),
    Row(
        name="spent the day the markup falls away",
        shows=Aspect.AMENDED,
        item=_report(80_00, 92_00, day=WEDNESDAY),
        under=_restated(Materials()),
        expected={"X-1": 12_00},
        clause_id="CL-new",
    ),
    Row(
        # 450.00 before and 80.00 now are the 530.00 of the new cap.
        name="a cap that is restated exactly high enough",
        shows=Aspect.AMENDED,
        item=_report(80_00, 80_00, day=WEDNESDAY),
        before=(_before(450_00),),
        under=_restated(
            Materials(cap_minor=530_00), first=Materials(markup=0.15, cap_minor=500_00)
        ),
    ),
    Row(
        # 530.00 - 500.00: the order adds to the ceiling, not to the cap of expenses.
        name="money that a change order adds does not lift the cap",
        shows=Aspect.AMENDED,
        item=_report(80_00, 80_00, day=WEDNESDAY),
        before=(_before(450_00),),
        under=_under(
            Materials(cap_minor=500_00),
            change_orders=(change_order(delta_value_minor=1_000_00, effective_on=WEDNESDAY),),
        ),
        expected={"X-1": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="no markup in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_report(80_00, 92_00, day=WEDNESDAY),
        under=_restated(Materials(), status=ChangeOrderStatus.SENT),
    ),
)


@table(ROWS)
def test_expense_markup_or_cap(row):
    check_row(CODE, row)
