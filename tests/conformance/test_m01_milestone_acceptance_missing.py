"""M1: ready to bill, and neither accepted nor deemed accepted.

A milestone of 20,000.00, handed over on Monday, 2 March. Where silence counts, the client has ten
days: the 12th is the last of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Acceptance
from data.schemas.vocabulary import AcceptanceKind, ChangeOrderStatus, ClauseKind
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, acceptance, at, milestone
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MILESTONE_ACCEPTANCE_MISSING
CLAUSE = "CL-acceptance"
MS = "test:MS-1"
TUESDAY, FRIDAY, SATURDAY = date(2026, 3, 3), date(2026, 3, 6), date(2026, 3, 7)
LAST_DAY, DAY_AFTER = date(2026, 3, 12), date(2026, 3, 13)
APRIL = at(date(2026, 4, 1))
LATE_ON_THE_LAST_DAY = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
"""The day after in Vienna, and still the last day in New York."""
SILENCE_COUNTS = Acceptance(window_days=10, is_deemed_after_window=True)
SILENCE_DOES_NOT = Acceptance(window_days=10)

HANDED_OVER = acceptance(AcceptanceKind.SUBMITTED, MONDAY)
ACCEPTED = acceptance(AcceptanceKind.ACCEPTED, WEDNESDAY)
REJECTED = acceptance(AcceptanceKind.REJECTED, FRIDAY)
CONDITIONAL = acceptance(AcceptanceKind.CONDITIONAL, FRIDAY)
AGAIN = acceptance(AcceptanceKind.SUBMITTED, SATURDAY)
ACCEPTED_AT_LAST = acceptance(AcceptanceKind.ACCEPTED, date(2026, 3, 8))


def _under(terms=SILENCE_COUNTS, **overrides):
    return reference(contract(clauses=clauses(terms), **overrides))


def _milestone(*events, **overrides):
    return milestone(acceptance=events, **overrides)


def _submitted(day):
    return _milestone(acceptance(AcceptanceKind.SUBMITTED, day), submitted_at=at(day), due_on=day)


def _restated(**overrides):
    """Silence counts from Wednesday on."""
    return _under(SILENCE_DOES_NOT, change_orders=(restating(SILENCE_COUNTS, **overrides),))


ROWS = (
    Row(
        name="accepted on Wednesday",
        shows=Aspect.CLEAN,
        item=_milestone(HANDED_OVER, ACCEPTED),
        under=_under(),
    ),
    Row(
        name="handed over and no answer",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER, amount_minor=20_000_01),
        under=_under(),
        expected={MS: 20_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        name="never handed over, however long ago",
        shows=Aspect.HIT,
        item=_milestone(),
        under=_under(),
        decided_at=APRIL,
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="not marked as ready to bill",
        shows=Aspect.CLEAN,
        item=_milestone(HANDED_OVER, is_ready_to_bill=False),
        under=_under(),
    ),
    Row(
        # 12 - 2 = 10 days, which are not more than ten.
        name="the last day of the window",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(HANDED_OVER),
        under=_under(),
        decided_at=at(LAST_DAY),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 13 - 2 = 11 days.
        name="the day after the window, on which silence counts",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(HANDED_OVER),
        under=_under(),
        decided_at=at(DAY_AFTER),
    ),
    Row(
        name="the day after the window, where silence does not count",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER),
        under=_under(SILENCE_DOES_NOT),
        decided_at=at(DAY_AFTER),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day after has come in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(HANDED_OVER),
        under=_under(),
        decided_at=LATE_ON_THE_LAST_DAY,
    ),
    Row(
        name="the last day goes on in New York",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(HANDED_OVER, zone="America/New_York"),
        under=_under(),
        decided_at=LATE_ON_THE_LAST_DAY,
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Handed over on Monday at 23:30 UTC, Tuesday in Vienna: 13 - 3 = 10 days.
        name="handed over late in the evening, by the day in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(
            acceptance(
                AcceptanceKind.SUBMITTED, MONDAY, at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
            )
        ),
        under=_under(),
        decided_at=at(DAY_AFTER),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="rejected, so that silence counts no more",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER, REJECTED),
        under=_under(),
        decided_at=APRIL,
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="accepted on conditions only",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER, CONDITIONAL),
        under=_under(),
        decided_at=APRIL,
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="accepted on Wednesday and rejected on Friday",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER, ACCEPTED, REJECTED),
        under=_under(),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="rejected on Friday, mended, and accepted on Sunday",
        shows=Aspect.CLEAN,
        item=_milestone(HANDED_OVER, REJECTED, AGAIN, ACCEPTED_AT_LAST),
        under=_under(),
    ),
    Row(
        # Handed over again on the 7th: the 17th is the last day.
        name="the last day of the window after a second delivery",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(HANDED_OVER, REJECTED, AGAIN),
        under=_under(),
        decided_at=at(date(2026, 3, 17)),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day after the window after a second delivery",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(HANDED_OVER, REJECTED, AGAIN),
        under=_under(),
        decided_at=at(date(2026, 3, 18)),
    ),
    Row(
        name="a contract that asks for no acceptance",
        shows=Aspect.CLEAN,
        item=_milestone(),
        under=reference(contract(clauses=clauses(without=[ClauseKind.ACCEPTANCE]))),
    ),
    Row(
        # The line gives twenty days, so that the 13th lies inside.
        name="the line's own window is longer than the contract's",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER),
        under=reference(
            contract(
                clauses=(
                    *clauses(SILENCE_COUNTS),
                    clause(
                        Acceptance(window_days=20, is_deemed_after_window=True),
                        id="CL-line",
                        line_id="L-1",
                    ),
                )
            )
        ),
        decided_at=at(DAY_AFTER),
        expected={MS: 20_000_00},
        clause_id="CL-line",
    ),
    Row(
        name="no answer, in yen",
        shows=Aspect.HIT,
        item=_milestone(HANDED_OVER, amount_minor=1_234_567, currency="JPY"),
        under=_under(currency="JPY"),
        expected={MS: 1_234_567},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted the day before silence counts",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_submitted(TUESDAY),
        under=_restated(),
        decided_at=APRIL,
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted the day silence counts",
        shows=Aspect.AMENDED,
        item=_submitted(WEDNESDAY),
        under=_restated(),
        decided_at=APRIL,
    ),
    Row(
        name="submitted the day silence counts, and the window is open",
        shows=Aspect.AMENDED,
        item=_submitted(WEDNESDAY),
        under=_restated(),
        expected={MS: 20_000_00},
        clause_id="CL-new",
    ),
    Row(
        name="silence counts in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_submitted(WEDNESDAY),
        under=_restated(status=ChangeOrderStatus.SENT),
        decided_at=APRIL,
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
)


@table(ROWS)
def test_milestone_acceptance_missing(row):
    check_row(CODE, row)
