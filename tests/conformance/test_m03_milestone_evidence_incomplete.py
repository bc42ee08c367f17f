"""M3: ready to bill, while a required deliverable, sign-off or predecessor is open.

A milestone of 20,000.00 stands or falls as a whole.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Deliverables
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import at, milestone
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE
CLAUSE = "CL-deliverables"
MS = "test:MS-1"
TUESDAY = date(2026, 3, 3)
THREE = ("design document", "sign-off of the steering committee", "test report")
WITHOUT = clauses(without=[ClauseKind.DELIVERABLES])


def _provided(*evidence, **overrides):
    return milestone(evidence_required=THREE, evidence_provided=evidence, **overrides)


def _bare(submitted_at):
    return _provided(submitted_at=submitted_at)


def _agreed_on_wednesday(**overrides):
    return reference(
        contract(clauses=WITHOUT, change_orders=(restating(Deliverables(), **overrides),))
    )


ROWS = (
    Row(
        name="everything is there, in another order",
        shows=Aspect.CLEAN,
        item=_provided(*reversed(THREE)),
    ),
    Row(
        name="everything that is required, and nothing else",
        shows=Aspect.JUST_INSIDE,
        item=_provided(*THREE),
    ),
    Row(
        name="one of three is missing",
        shows=Aspect.JUST_OUTSIDE,
        item=_provided(*THREE[:2], amount_minor=20_000_01),
        expected={MS: 20_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        name="something else in the place of the sign-off",
        shows=Aspect.HIT,
        item=_provided("design document", "test report", "minutes of the kick-off"),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="more than is required",
        shows=Aspect.CLEAN,
        item=_provided(*THREE, "minutes of the kick-off"),
    ),
    Row(
        name="nothing is required",
        shows=Aspect.CLEAN,
        item=milestone(evidence_required=(), evidence_provided=()),
    ),
    Row(
        name="nothing is required, and a predecessor is open",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(evidence_required=(), evidence_provided=(), open_predecessors=("Kick-off",)),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Three pieces and two predecessors, and the amount once.
        name="everything is open",
        shows=Aspect.HIT,
        item=_provided(open_predecessors=("Kick-off", "Set-up")),
        expected={MS: 20_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="not marked as ready to bill",
        shows=Aspect.CLEAN,
        item=_provided(open_predecessors=("Kick-off",), is_ready_to_bill=False),
    ),
    Row(
        name="a contract that says nothing about deliverables",
        shows=Aspect.CLEAN,
        item=_provided(),
        under=reference(contract(clauses=WITHOUT)),
    ),
    Row(
        name="the line's own clause is cited",
        shows=Aspect.HIT,
        item=_provided(),
        under=reference(
            contract(clauses=(*clauses(), clause(Deliverables(), id="CL-line", line_id="L-1")))
        ),
        expected={MS: 20_000_00},
        clause_id="CL-line",
    ),
    Row(
        name="nothing is there, in yen",
        shows=Aspect.HIT,
        item=_provided(amount_minor=1_234_567, currency="JPY"),
        under=reference(contract(currency="JPY")),
        expected={MS: 1_234_567},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted the day before deliverables are agreed",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_bare(at(TUESDAY)),
        under=_agreed_on_wednesday(),
    ),
    Row(
        name="submitted the day deliverables are agreed",
        shows=Aspect.AMENDED,
        item=_bare(at(WEDNESDAY)),
        under=_agreed_on_wednesday(),
        expected={MS: 20_000_00},
        clause_id="CL-new",
    ),
    Row(
        # Tuesday 23:30 UTC is Wednesday in Vienna.
        name="submitted late the evening before, by the day in Vienna",
        shows=Aspect.AMENDED,
        item=_bare(datetime(2026, 3, 3, 23, 30, tzinfo=UTC)),
        under=_agreed_on_wednesday(),
        expected={MS: 20_000_00},
        clause_id="CL-new",
    ),
    Row(
        name="submitted late the evening before, by the day in New York",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_provided(
            submitted_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC), zone="America/New_York"
        ),
        under=_agreed_on_wednesday(),
    ),
    Row(
        name="deliverables in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_bare(at(WEDNESDAY)),
        under=_agreed_on_wednesday(status=ChangeOrderStatus.SENT),
    ),
)


@table(ROWS)
def test_milestone_evidence_incomplete(row):
    check_row(CODE, row)
