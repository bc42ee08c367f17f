"""E3: the category is excluded, the client's word is missing, or the day lies outside.

Minibars are not reimbursed, above 300.00 the client is asked beforehand, and the line is performed
until Thursday. Ada is in Graz from Monday to Wednesday.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ExpenseTerms, PeriodOfPerformance
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report, preapproval, trip
from tests.builders.items import MONDAY
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED
CLAUSE = "CL-expenses"
SUNDAY, TUESDAY = date(2026, 3, 1), date(2026, 3, 3)
THURSDAY, FRIDAY = date(2026, 3, 5), date(2026, 3, 6)
IN_GRAZ = trip()
PERIOD = PeriodOfPerformance(start=MONDAY, end=THURSDAY)
AGREED = ExpenseTerms(excluded_categories=("minibar",), preapproval_above_minor=300_00)


def _under(*given_beforehand, trips=(IN_GRAZ,), **overrides):
    agreed = contract(clauses=clauses(PERIOD, AGREED), **overrides)
    return reference(agreed, trips=trips, preapprovals=given_beforehand)


def _report(cost_minor=80_00, *, day=MONDAY, **overrides):
    return expense_report(expense(cost_minor=cost_minor, incurred_on=day, **overrides))


def _restated(terms, **overrides):
    order = restating(terms, **overrides)
    return _under(change_orders=(order,))


def _with_line(terms):
    own = clause(terms, id="CL-line", line_id="L-1")
    return reference(contract(clauses=(*clauses(PERIOD, AGREED), own)))


ROWS = (
    Row(
        name="a train ticket",
        shows=Aspect.CLEAN,
        item=_report(),
        under=_under(),
    ),
    Row(
        # 19.90 with fifteen percent.
        name="an excluded category",
        shows=Aspect.HIT,
        item=_report(19_90, category="minibar", billable_minor=22_89),
        under=_under(),
        expected={"X-1": 22_89},
        clause_id=CLAUSE,
    ),
    Row(
        name="an excluded category that nobody is asked to pay",
        shows=Aspect.CLEAN,
        item=_report(19_90, category="minibar", billable_minor=0),
        under=_under(),
    ),
    Row(
        name="exactly as much as needs no word",
        shows=Aspect.JUST_INSIDE,
        item=_report(300_00),
        under=_under(),
    ),
    Row(
        name="one cent more than needs no word",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(300_01),
        under=_under(),
        expected={"X-1": 300_01},
        clause_id=CLAUSE,
    ),
    Row(
        # Spent are 300.00; the markup of what is asked asks for no word.
        name="the cost is held against the threshold, not what is asked",
        shows=Aspect.JUST_INSIDE,
        item=_report(300_00, billable_minor=345_00),
        under=_under(),
    ),
    Row(
        # 120,400.00 forints on the receipt are 301.00 euros.
        name="the cost in the contract's currency is held against the threshold",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(301_00, amount_minor=120_400_00, currency="HUF"),
        under=_under(),
        expected={"X-1": 301_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a word for exactly as much",
        shows=Aspect.JUST_INSIDE,
        item=_report(450_00, preapproval_id="PA-1"),
        under=_under(preapproval(limit_minor=450_00)),
    ),
    Row(
        name="a word for one cent less",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(450_00, preapproval_id="PA-1"),
        under=_under(preapproval(limit_minor=449_99)),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a word of the same day",
        shows=Aspect.JUST_INSIDE,
        item=_report(450_00, day=TUESDAY, preapproval_id="PA-1"),
        under=_under(preapproval(approved_on=TUESDAY)),
    ),
    Row(
        name="a word of the day after",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(450_00, day=TUESDAY, preapproval_id="PA-1"),
        under=_under(preapproval(approved_on=WEDNESDAY)),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a word for this category",
        shows=Aspect.CLEAN,
        item=_report(450_00, preapproval_id="PA-1"),
        under=_under(preapproval(category="train")),
    ),
    Row(
        name="a word for another category",
        shows=Aspect.HIT,
        item=_report(450_00, preapproval_id="PA-1"),
        under=_under(preapproval(category="flight")),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a word for another project",
        shows=Aspect.HIT,
        item=_report(450_00, preapproval_id="PA-1"),
        under=_under(preapproval(project_id="P-2")),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a word that nobody knows",
        shows=Aspect.HIT,
        item=_report(450_00, preapproval_id="PA-9"),
        under=_under(preapproval()),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a word that the expense does not name",
        shows=Aspect.HIT,
        item=_report(450_00),
        under=_under(preapproval()),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="no word lifts an exclusion",
        shows=Aspect.HIT,
        item=_report(450_00, category="minibar", preapproval_id="PA-1"),
        under=_under(preapproval()),
        expected={"X-1": 450_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the first day of the trip",
        shows=Aspect.JUST_INSIDE,
        item=_report(trip_id="TR-1"),
        under=_under(),
    ),
    Row(
        name="the last day of the trip",
        shows=Aspect.JUST_INSIDE,
        item=_report(day=WEDNESDAY, trip_id="TR-1"),
        under=_under(),
    ),
    Row(
        name="the day after the trip",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(day=THURSDAY, trip_id="TR-1"),
        under=_under(),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before the trip",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(trip_id="TR-1"),
        under=_under(trips=(trip(start=TUESDAY),)),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a trip that nobody knows",
        shows=Aspect.HIT,
        item=_report(trip_id="TR-9"),
        under=_under(),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="another person's trip",
        shows=Aspect.HIT,
        item=_report(trip_id="TR-1"),
        under=_under(trips=(trip(person_id="bob"),)),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the last day of performance",
        shows=Aspect.JUST_INSIDE,
        item=_report(day=THURSDAY),
        under=_under(),
    ),
    Row(
        name="the day after the last of performance",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(day=FRIDAY),
        under=_under(),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before the first of performance",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(day=SUNDAY),
        under=_under(),
        expected={"X-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Excluded, above the threshold, outside the trip and the period: once.
        name="an expense with every flaw is at stake once",
        shows=Aspect.HIT,
        item=_report(333_33, day=FRIDAY, category="minibar", trip_id="TR-1"),
        under=_under(),
        expected={"X-1": 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        name="each expense has its own reason",
        shows=Aspect.HIT,
        item=expense_report(
            expense(id="X-1", category="minibar", cost_minor=8_50),
            expense(id="X-2", cost_minor=120_00),
            expense(id="X-3", cost_minor=300_01),
            expense(id="X-4", incurred_on=FRIDAY, cost_minor=3_33),
        ),
        under=_under(),
        expected={"X-1": 8_50, "X-3": 300_01, "X-4": 3_33},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract without terms for expenses",
        shows=Aspect.CLEAN,
        item=_report(450_00, category="minibar"),
    ),
    Row(
        name="no threshold is agreed",
        shows=Aspect.CLEAN,
        item=_report(4_500_00),
        under=reference(contract(clauses=clauses(ExpenseTerms()))),
    ),
    Row(
        name="the line reimburses what its contract excludes",
        shows=Aspect.CLEAN,
        item=_report(19_90, category="minibar"),
        under=_with_line(ExpenseTerms()),
    ),
    Row(
        name="the line excludes what its contract reimburses",
        shows=Aspect.HIT,
        item=_report(19_90, category="taxi"),
        under=_with_line(ExpenseTerms(excluded_categories=("taxi",))),
        expected={"X-1": 19_90},
        clause_id="CL-line",
    ),
    Row(
        # 30,001 yen.
        name="one yen more than needs no word",
        shows=Aspect.JUST_OUTSIDE,
        item=expense_report(expense(cost_minor=30_001, currency="JPY"), currency="JPY"),
        under=_under(currency="JPY"),
        expected={"X-1": 30_001},
        clause_id=CLAUSE,
    ),
    Row(
        # 30.000 dinars, which need no word.
        name="thirty dinars are as many units as three hundred euros",
        shows=Aspect.JUST_INSIDE,
        item=expense_report(expense(cost_minor=30_000, currency="KWD"), currency="KWD"),
        under=_under(currency="KWD"),
    ),
    Row(
        name="the day before taxis are excluded",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_report(day=TUESDAY, category="taxi"),
        under=_restated(ExpenseTerms(excluded_categories=("taxi",))),
    ),
    Row(
        name="the day taxis are excluded",
        shows=Aspect.AMENDED,
        item=_report(day=WEDNESDAY, category="taxi"),
        under=_restated(ExpenseTerms(excluded_categories=("taxi",))),
        expected={"X-1": 80_00},
        clause_id="CL-new",
    ),
    Row(
        name="restated terms drop what they do not name",
        shows=Aspect.AMENDED,
        item=_report(450_00, day=WEDNESDAY, category="minibar"),
        under=_restated(ExpenseTerms(excluded_categories=("taxi",))),
    ),
    Row(
        name="taxis are excluded in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_report(day=WEDNESDAY, category="taxi"),
        under=_restated(ExpenseTerms(excluded_categories=("taxi",)), status=ChangeOrderStatus.SENT),
    ),
    Row(
        # Performed until Friday, as ordered on Wednesday.
        name="the last day of an extended period",
        shows=Aspect.AMENDED,
        item=_report(day=FRIDAY),
        under=_under(change_orders=(change_order(effective_on=WEDNESDAY, new_period_end=FRIDAY),)),
    ),
)


@table(ROWS)
def test_expense_not_reimbursable_or_preapproved(row):
    check_row(CODE, row)
