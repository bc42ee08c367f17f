"""E2: an expense is above the daily rate of its place, of which travel days give a share.

Ada is in Graz from Monday to Wednesday. A day there is paid with 120.02, and the first and the
last day with three quarters of it: 90.015, whose half cent goes up to 90.02.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import PerDiem, TravelPolicy
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import SIGNED, clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report, trip
from tests.builders.items import MONDAY
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.PER_DIEM_EXCEEDED
CLAUSE = "CL-travel_policy"
TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)
IN_GRAZ, WHOLE_WEEK = trip(), trip(end=FRIDAY)


def _day(daily_minor, **overrides):
    given = {"place": "graz", "daily_minor": daily_minor, "valid_from": SIGNED}
    return PerDiem(**(given | overrides))


def _policy(*rates, **overrides):
    return TravelPolicy(rates=rates or (_day(120_02),), **overrides)


def _under(*terms, trips=(IN_GRAZ,), **overrides):
    agreed = contract(clauses=clauses(*(terms or (_policy(),))), **overrides)
    return reference(agreed, trips=trips)


def _report(billable_minor, *, day=TUESDAY, **overrides):
    given = {
        "category": "per_diem",
        "trip_id": "TR-1",
        "cost_minor": billable_minor,
        "billable_minor": billable_minor,
    }
    return expense_report(expense(incurred_on=day, **(given | overrides)))


def _restated(*rates, **overrides):
    """A new policy from Wednesday on, under a trip until Friday."""
    order = restating(_policy(*rates), **overrides)
    return _under(change_orders=(order,), trips=(WHOLE_WEEK,))


def _in_currency(currency, daily_minor):
    return _under(_policy(_day(daily_minor)), currency=currency)


ROWS = (
    Row(
        name="less than a day is paid with",
        shows=Aspect.CLEAN,
        item=_report(64_00),
        under=_under(),
    ),
    Row(
        # 199.99 - 120.02 = 79.97.
        name="far above the day",
        shows=Aspect.HIT,
        item=_report(199_99),
        under=_under(),
        expected={"X-1": 79_97},
        clause_id=CLAUSE,
    ),
    Row(
        name="a day between, exactly",
        shows=Aspect.JUST_INSIDE,
        item=_report(120_02),
        under=_under(),
    ),
    Row(
        name="a day between, and one cent",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(120_03),
        under=_under(),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="the first day, exactly",
        shows=Aspect.JUST_INSIDE,
        item=_report(90_02, day=MONDAY),
        under=_under(),
    ),
    Row(
        name="the first day, and one cent",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(90_03, day=MONDAY),
        under=_under(),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="the last day, exactly",
        shows=Aspect.JUST_INSIDE,
        item=_report(90_02, day=WEDNESDAY),
        under=_under(),
    ),
    Row(
        # 120.02 - 90.02 = 30.00.
        name="the last day, paid like a day between",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(120_02, day=WEDNESDAY),
        under=_under(),
        expected={"X-1": 30_00},
        clause_id=CLAUSE,
    ),
    Row(
        # First and last day at once: three quarters, taken once. 100.00 - 90.02 = 9.98.
        name="a trip of one day",
        shows=Aspect.HIT,
        item=_report(100_00, day=MONDAY),
        under=_under(trips=(trip(end=MONDAY),)),
        expected={"X-1": 9_98},
        clause_id=CLAUSE,
    ),
    Row(
        # 120.50 x 0.57 = 68.685: the half goes up to 68.69, though 0.57 has no exact binary form.
        name="half a cent of a share that has no binary form goes up",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(68_70, day=MONDAY),
        under=_under(_policy(_day(120_50), travel_day_share=0.57)),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="a share of one pays travel days in full",
        shows=Aspect.JUST_INSIDE,
        item=_report(120_02, day=MONDAY),
        under=_under(_policy(travel_day_share=1.0)),
    ),
    Row(
        # 150.00 were spent and 120.02 are asked.
        name="what is asked counts, not what was spent",
        shows=Aspect.JUST_INSIDE,
        item=_report(120_02, cost_minor=150_00),
        under=_under(),
    ),
    Row(
        name="a category that the policy does not name",
        shows=Aspect.CLEAN,
        item=_report(199_99, category="hotel"),
        under=_under(),
    ),
    Row(
        # 130.00 - 120.02 = 9.98.
        name="a category that the policy names beside the per diem",
        shows=Aspect.HIT,
        item=_report(130_00, category="hotel"),
        under=_under(_policy(categories=("per_diem", "hotel"))),
        expected={"X-1": 9_98},
        clause_id=CLAUSE,
    ),
    Row(
        name="no trip, so no place and no rate",
        shows=Aspect.CLEAN,
        item=_report(199_99, trip_id=None),
        under=_under(),
    ),
    Row(
        name="a trip that nobody knows",
        shows=Aspect.CLEAN,
        item=_report(199_99, trip_id="TR-9"),
        under=_under(),
    ),
    Row(
        name="a place without a rate",
        shows=Aspect.CLEAN,
        item=_report(199_99),
        under=_under(trips=(trip(place="linz"),)),
    ),
    Row(
        # Linz pays 100.00: 120.02 - 100.00 = 20.02.
        name="each place has its own rate",
        shows=Aspect.HIT,
        item=_report(120_02),
        under=_under(
            _policy(_day(120_02), _day(100_00, place="linz")), trips=(trip(place="linz"),)
        ),
        expected={"X-1": 20_02},
        clause_id=CLAUSE,
    ),
    Row(
        name="the last day of a rate",
        shows=Aspect.JUST_INSIDE,
        item=_report(120_02, day=TUESDAY),
        under=_under(
            _policy(_day(120_02, valid_to=TUESDAY), _day(100_00, valid_from=WEDNESDAY)),
            trips=(WHOLE_WEEK,),
        ),
    ),
    Row(
        # 120.02 - 100.00 = 20.02.
        name="the first day of the next rate",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(120_02, day=WEDNESDAY),
        under=_under(
            _policy(_day(120_02, valid_to=TUESDAY), _day(100_00, valid_from=WEDNESDAY)),
            trips=(WHOLE_WEEK,),
        ),
        expected={"X-1": 20_02},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day after the last of the only rate",
        shows=Aspect.CLEAN,
        item=_report(199_99, day=WEDNESDAY),
        under=_under(_policy(_day(120_02, valid_to=TUESDAY)), trips=(WHOLE_WEEK,)),
    ),
    Row(
        # 100.00 - 90.02 = 9.98 on Monday, nothing on Tuesday, 95.55 - 90.02 = 5.53 on Wednesday.
        name="three days of a trip",
        shows=Aspect.HIT,
        item=expense_report(
            *(
                expense(
                    id=f"X-{place}",
                    incurred_on=day,
                    category="per_diem",
                    trip_id="TR-1",
                    cost_minor=cost_minor,
                )
                for place, day, cost_minor in (
                    (1, MONDAY, 100_00),
                    (2, TUESDAY, 100_00),
                    (3, WEDNESDAY, 95_55),
                )
            )
        ),
        under=_under(),
        expected={"X-1": 9_98, "X-3": 5_53},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract without a travel policy",
        shows=Aspect.CLEAN,
        item=_report(199_99),
        under=reference(trips=(IN_GRAZ,)),
    ),
    Row(
        # The line pays 100.00: 20.02 above.
        name="the line's own policy",
        shows=Aspect.HIT,
        item=_report(120_02),
        under=reference(
            contract(
                clauses=(
                    *clauses(_policy()),
                    clause(_policy(_day(100_00)), id="CL-line", line_id="L-1"),
                )
            ),
            trips=(IN_GRAZ,),
        ),
        expected={"X-1": 20_02},
        clause_id="CL-line",
    ),
    Row(
        # 11,111 yen x 0.75 = 8,333.25 -> 8,333.
        name="a first day in yen",
        shows=Aspect.JUST_OUTSIDE,
        item=expense_report(
            expense(category="per_diem", trip_id="TR-1", cost_minor=8_334, currency="JPY"),
            currency="JPY",
        ),
        under=_in_currency("JPY", 11_111),
        expected={"X-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 35.126 dinars x 0.75 = 26.3445, whose half goes up to 26.345.
        name="a first day in dinars",
        shows=Aspect.JUST_INSIDE,
        item=expense_report(
            expense(category="per_diem", trip_id="TR-1", cost_minor=26_345, currency="KWD"),
            currency="KWD",
        ),
        under=_in_currency("KWD", 35_126),
    ),
    Row(
        name="the day before the rate falls",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_report(120_02, day=TUESDAY),
        under=_restated(_day(99_99)),
    ),
    Row(
        # 120.02 - 99.99 = 20.03.
        name="the day the rate falls",
        shows=Aspect.AMENDED,
        item=_report(120_02, day=WEDNESDAY),
        under=_restated(_day(99_99)),
        expected={"X-1": 20_03},
        clause_id="CL-new",
    ),
    Row(
        name="a higher rate is met exactly",
        shows=Aspect.AMENDED,
        item=_report(130_00, day=THURSDAY),
        under=_restated(_day(130_00)),
    ),
    Row(
        name="a lower rate in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_report(120_02, day=WEDNESDAY),
        under=_restated(_day(99_99), status=ChangeOrderStatus.SENT),
    ),
)


@table(ROWS)
def test_per_diem_exceeded(row):
    check_row(CODE, row)
