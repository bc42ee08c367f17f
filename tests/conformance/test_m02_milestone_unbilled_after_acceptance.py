"""M2: accepted, or deemed accepted, and not invoiced within the agreed days.

A milestone of 20,000.00 accepted on Thursday, 5 March, to be billed within ten days: the 15th is
the last of them. Each day of waiting costs 8 % a year.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Acceptance
from data.schemas.vocabulary import (
    AcceptanceKind,
    ChangeOrderStatus,
    ClauseKind,
    InvoiceStatus,
)
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.checking import invoice
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, acceptance, at, milestone
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE
CLAUSE = "CL-acceptance"
MS = "test:MS-1"
TUESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 5)
IN_TIME, TOO_LATE = at(date(2026, 3, 15)), at(date(2026, 3, 16))
IN_MAY = at(date(2026, 5, 17))
LAPSE = Acceptance(is_lapsed_when_unbilled=True)
SILENCE_COUNTS = Acceptance(window_days=10, is_deemed_after_window=True)

HANDED_OVER = acceptance(AcceptanceKind.SUBMITTED, MONDAY)
REJECTED = acceptance(AcceptanceKind.REJECTED, date(2026, 3, 6))
LATE_ON_THURSDAY = acceptance(
    AcceptanceKind.ACCEPTED, THURSDAY, at=datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
)
"""Friday in Vienna, and still Thursday in New York."""


def _under(terms, **overrides):
    return reference(contract(clauses=clauses(terms), **overrides))


def _submitted(day):
    """Submitted on a day, and accepted on Thursday."""
    return milestone(submitted_at=at(day), due_on=day)


def _restated(terms, **overrides):
    return _under(Acceptance(), change_orders=(restating(terms, **overrides),))


ROWS = (
    Row(
        name="accepted four days ago",
        shows=Aspect.CLEAN,
        item=milestone(),
    ),
    Row(
        # 73 days: 20,000.00 x 0.08 x 73 / 365 = 320.00.
        name="accepted in March and not billed in May",
        shows=Aspect.HIT,
        item=milestone(),
        decided_at=IN_MAY,
        expected={MS: -320_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the tenth day",
        shows=Aspect.JUST_INSIDE,
        item=milestone(),
        decided_at=IN_TIME,
    ),
    Row(
        # All eleven days cost: 20,000.00 x 0.08 x 11 / 365 = 48.219.
        name="the eleventh day",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(),
        decided_at=TOO_LATE,
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
    Row(
        # Another price of money: 12,345.67 x 0.055 x 11 / 365 = 20.4634.
        name="another cost of capital",
        shows=Aspect.HIT,
        item=milestone(amount_minor=12_345_67),
        under=_under(Acceptance(annual_cost_of_capital=0.055)),
        decided_at=TOO_LATE,
        expected={MS: -20_46},
        clause_id=CLAUSE,
    ),
    Row(
        name="the tenth day where the claim lapses",
        shows=Aspect.JUST_INSIDE,
        item=milestone(),
        under=_under(LAPSE),
        decided_at=IN_TIME,
    ),
    Row(
        name="the eleventh day where the claim lapses",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(amount_minor=12_345_67),
        under=_under(LAPSE),
        decided_at=TOO_LATE,
        expected={MS: -12_345_67},
        clause_id=CLAUSE,
    ),
    Row(
        # Accepted on Friday, the 6th: the 16th is the tenth day.
        name="accepted late in the evening, by the day in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=milestone(acceptance=(HANDED_OVER, LATE_ON_THURSDAY)),
        decided_at=TOO_LATE,
    ),
    Row(
        # Accepted on Thursday, the 5th: eleven days.
        name="accepted late in the evening, by the day in New York",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(acceptance=(HANDED_OVER, LATE_ON_THURSDAY), zone="America/New_York"),
        decided_at=TOO_LATE,
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
    Row(
        # At 23:30 UTC of the 15th it is the 16th in Vienna: eleven days.
        name="the moment of judgement has its day in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(),
        decided_at=datetime(2026, 3, 15, 23, 30, tzinfo=UTC),
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
    Row(
        # The window ends on the 12th, so the 13th is the day; the 23rd is the tenth day after.
        name="deemed accepted, the tenth day",
        shows=Aspect.JUST_INSIDE,
        item=milestone(acceptance=(HANDED_OVER,)),
        under=_under(SILENCE_COUNTS),
        decided_at=at(date(2026, 3, 23)),
    ),
    Row(
        name="deemed accepted, the eleventh day",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(acceptance=(HANDED_OVER,)),
        under=_under(SILENCE_COUNTS),
        decided_at=at(date(2026, 3, 24)),
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
    Row(
        # Deemed accepted on the 13th; a signature of the 20th does not start the days again.
        name="signed a week after silence had accepted",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(
            acceptance=(HANDED_OVER, acceptance(AcceptanceKind.ACCEPTED, date(2026, 3, 20)))
        ),
        under=_under(SILENCE_COUNTS),
        decided_at=at(date(2026, 3, 24)),
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
    Row(
        name="silence that does not count",
        shows=Aspect.CLEAN,
        item=milestone(acceptance=(HANDED_OVER,)),
        decided_at=IN_MAY,
    ),
    Row(
        name="rejected after it was accepted",
        shows=Aspect.CLEAN,
        item=milestone(
            acceptance=(
                HANDED_OVER,
                acceptance(AcceptanceKind.ACCEPTED, THURSDAY),
                REJECTED,
            )
        ),
        under=_under(SILENCE_COUNTS),
        decided_at=IN_MAY,
    ),
    Row(
        # It earns nothing while it waits, whoever forgot to mark it.
        name="accepted and not marked as ready to bill",
        shows=Aspect.HIT,
        item=milestone(is_ready_to_bill=False),
        decided_at=IN_MAY,
        expected={MS: -320_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="accepted and invoiced",
        shows=Aspect.CLEAN,
        item=milestone(),
        invoices=(invoice(MS),),
        decided_at=IN_MAY,
    ),
    Row(
        name="accepted, and the invoice is a draft",
        shows=Aspect.HIT,
        item=milestone(),
        invoices=(invoice(MS, status=InvoiceStatus.DRAFT),),
        decided_at=IN_MAY,
        expected={MS: -320_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="accepted, and the invoice was credited",
        shows=Aspect.HIT,
        item=milestone(),
        invoices=(invoice(MS), invoice(MS, status=InvoiceStatus.CREDITED)),
        decided_at=IN_MAY,
        expected={MS: -320_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract that says nothing about acceptance",
        shows=Aspect.CLEAN,
        item=milestone(),
        under=reference(contract(clauses=clauses(without=[ClauseKind.ACCEPTANCE]))),
        decided_at=IN_MAY,
    ),
    Row(
        # The line gives five days: eight days cost 20,000.00 x 0.08 x 8 / 365 = 35.068.
        name="the line's own days are fewer than the contract's",
        shows=Aspect.HIT,
        item=milestone(),
        under=reference(
            contract(
                clauses=(
                    *clauses(),
                    clause(Acceptance(bill_within_days=5), id="CL-line", line_id="L-1"),
                )
            )
        ),
        decided_at=at(date(2026, 3, 13)),
        expected={MS: -35_07},
        clause_id="CL-line",
    ),
    Row(
        # 1,234,567 yen x 0.08 x 11 / 365 = 2,976.49.
        name="waiting yen",
        shows=Aspect.HIT,
        item=milestone(amount_minor=1_234_567, currency="JPY"),
        under=reference(contract(currency="JPY")),
        decided_at=TOO_LATE,
        expected={MS: -2_976},
        clause_id=CLAUSE,
    ),
    Row(
        # 12,345.678 dinars x 0.08 x 11 / 365 = 29.764922 -> 29.765.
        name="waiting dinars",
        shows=Aspect.HIT,
        item=milestone(amount_minor=12_345_678, currency="KWD"),
        under=reference(contract(currency="KWD")),
        decided_at=TOO_LATE,
        expected={MS: -29_765},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted the day before the claim lapses",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_submitted(TUESDAY),
        under=_restated(LAPSE),
        decided_at=TOO_LATE,
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted the day the claim lapses",
        shows=Aspect.AMENDED,
        item=_submitted(WEDNESDAY),
        under=_restated(LAPSE),
        decided_at=TOO_LATE,
        expected={MS: -20_000_00},
        clause_id="CL-new",
    ),
    Row(
        name="submitted the day a month is allowed",
        shows=Aspect.AMENDED,
        item=_submitted(WEDNESDAY),
        under=_restated(Acceptance(bill_within_days=30)),
        decided_at=TOO_LATE,
    ),
    Row(
        name="a month is allowed in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_submitted(WEDNESDAY),
        under=_restated(Acceptance(bill_within_days=30), status=ChangeOrderStatus.SENT),
        decided_at=TOO_LATE,
        expected={MS: -48_22},
        clause_id=CLAUSE,
    ),
)


@table(ROWS)
def test_milestone_unbilled_after_acceptance(row):
    check_row(CODE, row)
