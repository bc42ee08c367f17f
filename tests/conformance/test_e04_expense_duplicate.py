"""E4: same merchant, day, amount and currency as an earlier expense, whoever paid and however.

What was accepted before is earlier; inside a batch, what was handed in first. The later one is at
stake with what the client is asked of it.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import DoubleBilling
from data.schemas.items import PaidBy
from data.schemas.vocabulary import ClauseKind, Proof
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, at
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.EXPENSE_DUPLICATE
CLAUSE = "CL-double_billing"
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
BOTH = reference(contract(), contract(id="C-2"))
RESTATED = reference(contract(change_orders=(restating(DoubleBilling()),)))


def _dinner(**overrides):
    """A dinner of 64.35, of which the client is asked 67.57 (five percent more)."""
    given = {
        "category": "meal",
        "merchant": "Gasthof Post",
        "cost_minor": 64_35,
        "billable_minor": 67_57,
        "paid_by": PaidBy.CASH,
    }
    return expense(**(given | overrides))


def _report(*expenses, **overrides):
    return expense_report(*(expenses or (_dinner(),)), **overrides)


def _earlier(*, report=None, **overrides):
    """The same dinner by card, on another report."""
    paid = _dinner(**({"id": "X-0", "paid_by": PaidBy.CARD} | overrides))
    return expense_report(paid, **({"external_id": "EX-0"} | (report or {})))


ROWS = (
    Row(
        name="two different dinners of one day",
        shows=Aspect.CLEAN,
        item=_report(_dinner(), _dinner(id="X-2", merchant="Steirereck", cost_minor=81_20)),
    ),
    Row(
        name="the same dinner by card and in cash",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        # Both were handed in together; the one recorded an hour later is the later one.
        name="the same dinner twice on one report",
        shows=Aspect.HIT,
        item=_report(
            _dinner(id="X-1", recorded_at=at(MONDAY, hour=21)),
            _dinner(id="X-2", paid_by=PaidBy.CARD, recorded_at=at(MONDAY, hour=20)),
        ),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="three times the same dinner leaves one",
        shows=Aspect.HIT,
        item=_report(_dinner(), _dinner(id="X-2"), _dinner(id="X-3", billable_minor=64_35)),
        expected={"X-2": 67_57, "X-3": 64_35},
        clause_id=CLAUSE,
    ),
    Row(
        name="one cent less",
        shows=Aspect.JUST_INSIDE,
        item=_report(),
        before=(_earlier(amount_minor=64_34),),
    ),
    Row(
        # The receipts are the same; that their cost was converted otherwise does not tell them
        # apart.
        name="the same receipt, converted to a cent less",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(_dinner(amount_minor=25_740_00, currency="HUF")),
        before=(_earlier(amount_minor=25_740_00, currency="HUF", cost_minor=64_34),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before",
        shows=Aspect.JUST_INSIDE,
        item=_report(_dinner(incurred_on=TUESDAY)),
        before=(_earlier(),),
    ),
    Row(
        name="the same figure in another currency",
        shows=Aspect.JUST_INSIDE,
        item=_report(_dinner(currency="CHF")),
        before=(_earlier(),),
    ),
    Row(
        name="another merchant",
        shows=Aspect.CLEAN,
        item=_report(),
        before=(_earlier(merchant="Gasthof Krone"),),
    ),
    Row(
        name="the merchant in other case and with a hyphen",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(),
        before=(_earlier(merchant="GASTHOF-POST"),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="in another category and described otherwise",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(category="entertainment", description="with the client"),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="a colleague had it paid under the same contract",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(report={"person_id": "bob"}),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="the same person had it paid under another contract",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(report={"contract_id": "C-2"}),),
        under=BOTH,
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="another person ate there under another contract",
        shows=Aspect.CLEAN,
        item=_report(),
        before=(_earlier(report={"contract_id": "C-2", "person_id": "bob"}),),
        under=BOTH,
    ),
    Row(
        # As it would be if the other had been accepted before: batches may be cut anywhere.
        name="another person hands it in earlier under another contract",
        shows=Aspect.CLEAN,
        item=_report(submitted_at=at(FRIDAY, hour=18)),
        beside=(
            _earlier(
                report={
                    "contract_id": "C-2",
                    "person_id": "bob",
                    "submitted_at": at(FRIDAY, hour=17),
                }
            ),
        ),
        under=BOTH,
    ),
    Row(
        name="the earlier one was not billed",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(billable_minor=0),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="an older version of the same report is not another expense",
        shows=Aspect.CLEAN,
        item=_report(_dinner(description="with the client")),
        before=(_report(),),
    ),
    Row(
        name="the later one is not billed",
        shows=Aspect.CLEAN,
        item=_report(_dinner(billable_minor=0)),
        before=(_earlier(),),
    ),
    Row(
        name="handed in an hour later than the other report",
        shows=Aspect.HIT,
        item=_report(submitted_at=at(FRIDAY, hour=18)),
        beside=(_earlier(report={"submitted_at": at(FRIDAY, hour=17)}),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        # The other was recorded first, but it was handed in later, and is the duplicate.
        name="handed in an hour before the other report",
        shows=Aspect.CLEAN,
        item=_report(_dinner(recorded_at=at(TUESDAY)), submitted_at=at(FRIDAY, hour=16)),
        beside=(_earlier(report={"submitted_at": at(FRIDAY, hour=17)}),),
    ),
    Row(
        # Both were handed in at the same moment: "test:EX-0" comes before "test:EX-1".
        name="handed in together, the id of the report decides",
        shows=Aspect.HIT,
        item=_report(),
        beside=(_earlier(),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract without the clause is billed once all the same",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(),),
        under=reference(contract(clauses=clauses(without=[ClauseKind.DOUBLE_BILLING]))),
        expected={"X-1": 67_57},
    ),
    Row(
        name="the line's own clause is cited",
        shows=Aspect.HIT,
        item=_report(),
        before=(_earlier(),),
        under=reference(
            contract(clauses=(*clauses(), clause(DoubleBilling(), id="CL-line", line_id="L-1")))
        ),
        expected={"X-1": 67_57},
        clause_id="CL-line",
    ),
    Row(
        # 25.501 dinars.
        name="the same dinner in dinars",
        shows=Aspect.HIT,
        item=_report(
            _dinner(cost_minor=25_501, billable_minor=25_501, currency="KWD"), currency="KWD"
        ),
        before=(_earlier(cost_minor=25_501, currency="KWD", report={"currency": "KWD"}),),
        under=reference(contract(currency="KWD")),
        expected={"X-1": 25_501},
        clause_id=CLAUSE,
    ),
    Row(
        name="spent the day before the clause is restated",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_report(_dinner(incurred_on=TUESDAY)),
        before=(_earlier(incurred_on=TUESDAY),),
        under=RESTATED,
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        name="spent the day the clause is restated",
        shows=Aspect.AMENDED,
        item=_report(_dinner(incurred_on=WEDNESDAY)),
        before=(_earlier(incurred_on=WEDNESDAY),),
        under=RESTATED,
        expected={"X-1": 67_57},
        clause_id="CL-new",
    ),
    Row(
        # By the model: 0.5 + 0.45 x 2 of 3 words = 0.8, from 0.6 on.
        name="the merchant with its town behind it",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_report(),
        before=(_earlier(merchant="Gasthof Post Linz"),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        # (0.5 + 0.45 x 2 / 3) x 0.8 = 0.64 for the day between.
        name="the card was charged the day after, with the town",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_report(_dinner(incurred_on=TUESDAY)),
        before=(_earlier(merchant="Gasthof Post Linz"),),
        expected={"X-1": 67_57},
        clause_id=CLAUSE,
    ),
    Row(
        # (0.5 + 0.45 x 1 / 3) x 0.8 = 0.52.
        name="half of the name a day later",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_report(_dinner(incurred_on=TUESDAY)),
        before=(_earlier(merchant="Gasthof Krone"),),
    ),
    Row(
        name="a merchant without a common word",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_report(),
        before=(_earlier(merchant="Steirereck"),),
    ),
)


@table(ROWS)
def test_expense_duplicate(row):
    check_row(CODE, row)
