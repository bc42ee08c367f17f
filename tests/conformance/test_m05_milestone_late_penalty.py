"""M5: accepted, or still not accepted, after the due day and its grace.

A milestone is due on Monday, 2 March, with three days of grace: Thursday, the 5th, is in time.
Each day after that costs 333.33, and all of them no more than 1,000.00. It is judged on the 9th.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Acceptance, LiquidatedDamages
from data.schemas.vocabulary import AcceptanceKind, ChangeOrderStatus, Proof
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, acceptance, at, milestone
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MILESTONE_LATE_PENALTY
CLAUSE = "CL-liquidated_damages"
MS = "test:MS-1"
TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)
SATURDAY, SUNDAY, NINTH = date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)
AGREED = LiquidatedDamages(daily_minor=333_33, cap_minor=1_000_00, grace_days=3)
HANDED_OVER = acceptance(AcceptanceKind.SUBMITTED, MONDAY)
LATE_ON_THURSDAY = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
"""Friday in Vienna, and still Thursday in New York."""


def _under(*terms, **overrides):
    return reference(contract(clauses=clauses(*(terms or (AGREED,))), **overrides))


def _accepted(day, *, moment=None, **overrides):
    """Handed over on Monday and accepted on a day, or at a moment of it."""
    answer = acceptance(AcceptanceKind.ACCEPTED, day, at=moment or at(day))
    return milestone(acceptance=(HANDED_OVER, answer), **overrides)


def _open(**overrides):
    """Handed over on Monday, and no answer yet."""
    return milestone(acceptance=(HANDED_OVER,), **overrides)


def _due(day):
    """Submitted and due on one day, and accepted on the ninth."""
    return _accepted(NINTH, submitted_at=at(day), due_on=day)


def _restated(terms, **overrides):
    return _under(AGREED, change_orders=(restating(terms, **overrides),))


ROWS = (
    Row(
        name="accepted on the due day",
        shows=Aspect.CLEAN,
        item=_accepted(MONDAY),
        under=_under(),
    ),
    Row(
        name="accepted on the last day of grace",
        shows=Aspect.JUST_INSIDE,
        item=_accepted(THURSDAY),
        under=_under(),
    ),
    Row(
        # One day after the grace.
        name="accepted the day after the grace",
        shows=Aspect.JUST_OUTSIDE,
        item=_accepted(FRIDAY),
        under=_under(),
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        # 3 x 333.33 = 999.99, a cent below the cap.
        name="three days, a cent below the cap",
        shows=Aspect.HIT,
        item=_accepted(SUNDAY),
        under=_under(),
        expected={MS: 999_99},
        clause_id=CLAUSE,
    ),
    Row(
        # 4 x 333.33 = 1,333.32, capped.
        name="four days reach the cap",
        shows=Aspect.HIT,
        item=_accepted(NINTH),
        under=_under(),
        expected={MS: 1_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 4 x 250.00 are the cap itself.
        name="four days make the cap exactly",
        shows=Aspect.HIT,
        item=_accepted(NINTH),
        under=_under(LiquidatedDamages(daily_minor=250_00, cap_minor=1_000_00, grace_days=3)),
        expected={MS: 1_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # The day after the due day, and nothing is forgiven.
        name="without grace, a day late",
        shows=Aspect.JUST_OUTSIDE,
        item=_accepted(TUESDAY),
        under=_under(LiquidatedDamages(daily_minor=333_33, cap_minor=1_000_00)),
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        name="accepted late in the evening, by the day in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_accepted(THURSDAY, moment=LATE_ON_THURSDAY),
        under=_under(),
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        name="accepted late in the evening, by the day in New York",
        shows=Aspect.JUST_INSIDE,
        item=_accepted(THURSDAY, moment=LATE_ON_THURSDAY, zone="America/New_York"),
        under=_under(),
    ),
    Row(
        name="not accepted on the last day of grace",
        shows=Aspect.JUST_INSIDE,
        item=_open(),
        under=_under(),
        decided_at=at(THURSDAY),
    ),
    Row(
        name="not accepted the day after the grace",
        shows=Aspect.JUST_OUTSIDE,
        item=_open(),
        under=_under(),
        decided_at=at(FRIDAY),
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        # At 23:30 UTC on Thursday it is Friday in Vienna.
        name="not accepted, and the day after has come in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_open(),
        under=_under(),
        decided_at=LATE_ON_THURSDAY,
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        name="not accepted, and the last day of grace goes on in New York",
        shows=Aspect.JUST_INSIDE,
        item=_open(zone="America/New_York"),
        under=_under(),
        decided_at=LATE_ON_THURSDAY,
    ),
    Row(
        # Judged on the 9th: four days so far.
        name="not accepted and not marked as ready to bill",
        shows=Aspect.HIT,
        item=_open(is_ready_to_bill=False),
        under=_under(),
        expected={MS: 1_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Accepted on Wednesday, taken back on Thursday, accepted on Saturday: two days.
        name="an acceptance that was taken back does not count",
        shows=Aspect.HIT,
        item=milestone(
            acceptance=(
                HANDED_OVER,
                acceptance(AcceptanceKind.ACCEPTED, WEDNESDAY),
                acceptance(AcceptanceKind.REJECTED, THURSDAY),
                acceptance(AcceptanceKind.ACCEPTED, SATURDAY),
            )
        ),
        under=_under(),
        expected={MS: 666_66},
        clause_id=CLAUSE,
    ),
    Row(
        # Accepted in time on Thursday; that it was signed again on Sunday changes nothing.
        name="the first acceptance that stands counts",
        shows=Aspect.JUST_INSIDE,
        item=milestone(
            acceptance=(
                HANDED_OVER,
                acceptance(AcceptanceKind.ACCEPTED, THURSDAY),
                acceptance(AcceptanceKind.ACCEPTED, SUNDAY),
            )
        ),
        under=_under(),
    ),
    Row(
        # Two days for the client, Monday to Wednesday: accepted by silence on Thursday.
        name="accepted by silence on the last day of grace",
        shows=Aspect.JUST_INSIDE,
        item=_open(),
        under=_under(AGREED, Acceptance(window_days=2, is_deemed_after_window=True)),
    ),
    Row(
        # Three days for the client: accepted by silence on Friday.
        name="accepted by silence the day after the grace",
        shows=Aspect.JUST_OUTSIDE,
        item=_open(),
        under=_under(AGREED, Acceptance(window_days=3, is_deemed_after_window=True)),
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
    Row(
        # By silence on Thursday; the signature of Sunday comes after it.
        name="accepted by silence in time and signed late",
        shows=Aspect.JUST_INSIDE,
        item=_accepted(SUNDAY),
        under=_under(AGREED, Acceptance(window_days=2, is_deemed_after_window=True)),
    ),
    Row(
        name="a contract without damages",
        shows=Aspect.CLEAN,
        item=_accepted(NINTH),
    ),
    Row(
        # The line has no grace: three days late on Thursday, at 10.01 each.
        name="the line's own damages",
        shows=Aspect.HIT,
        item=_accepted(THURSDAY),
        under=reference(
            contract(
                clauses=(
                    *clauses(AGREED),
                    clause(
                        LiquidatedDamages(daily_minor=10_01, cap_minor=1_000_00),
                        id="CL-line",
                        line_id="L-1",
                    ),
                )
            )
        ),
        expected={MS: 30_03},
        clause_id="CL-line",
    ),
    Row(
        # 2 x 33.333 dinars.
        name="two days in dinars",
        shows=Aspect.HIT,
        item=_accepted(SATURDAY, currency="KWD"),
        under=_under(currency="KWD"),
        expected={MS: 66_666},
        clause_id=CLAUSE,
    ),
    Row(
        # Due on the 3rd with three days of grace, accepted on the 9th: three days.
        name="due the day before new damages are agreed",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_due(TUESDAY),
        under=_restated(LiquidatedDamages(daily_minor=100_01, cap_minor=500_00)),
        expected={MS: 999_99},
        clause_id=CLAUSE,
    ),
    Row(
        # Due on the 4th without grace, accepted on the 9th: 5 x 100.01 = 500.05, capped.
        name="due the day new damages are agreed",
        shows=Aspect.AMENDED,
        item=_due(WEDNESDAY),
        under=_restated(LiquidatedDamages(daily_minor=100_01, cap_minor=500_00)),
        expected={MS: 500_00},
        clause_id="CL-new",
    ),
    Row(
        name="due the day a longer grace is agreed",
        shows=Aspect.AMENDED,
        item=_due(WEDNESDAY),
        under=_restated(LiquidatedDamages(daily_minor=333_33, cap_minor=1_000_00, grace_days=5)),
    ),
    Row(
        # Due on the 4th with three days of grace: two days.
        name="a longer grace in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_due(WEDNESDAY),
        under=_restated(
            LiquidatedDamages(daily_minor=333_33, cap_minor=1_000_00, grace_days=5),
            status=ChangeOrderStatus.SENT,
        ),
        expected={MS: 666_66},
        clause_id=CLAUSE,
    ),
    Row(
        # By the model, judged on Wednesday: forecast one day after the grace, which is caught up
        # as often as not; 333.33 x 0.5 = 166.665, and the half cent goes up.
        name="forecast a day late",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_open(forecast_on=FRIDAY),
        under=_under(),
        decided_at=at(WEDNESDAY),
        expected={MS: 166_67},
        clause_id=CLAUSE,
    ),
    Row(
        # Fifteen days: 1 - 0.5 x e^-1 = 0.816060; the cap of 1,000.00 x 0.816060.
        name="forecast far too late",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_open(forecast_on=date(2026, 3, 20)),
        under=_under(),
        decided_at=at(WEDNESDAY),
        expected={MS: 816_06},
        clause_id=CLAUSE,
    ),
    Row(
        name="forecast on the last day of grace",
        shows=Aspect.JUST_INSIDE,
        proof=Proof.MODEL,
        item=_open(forecast_on=THURSDAY),
        under=_under(),
        decided_at=at(WEDNESDAY),
    ),
    Row(
        # Friday has come: what is late already is the rule's, whatever is forecast.
        name="a forecast of what is late already",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_open(forecast_on=SUNDAY),
        under=_under(),
        decided_at=at(FRIDAY),
    ),
    Row(
        name="what is late already, whatever is forecast",
        shows=Aspect.HIT,
        item=_open(forecast_on=SUNDAY),
        under=_under(),
        decided_at=at(FRIDAY),
        expected={MS: 333_33},
        clause_id=CLAUSE,
    ),
)


@table(ROWS)
def test_milestone_late_penalty(row):
    check_row(CODE, row)
