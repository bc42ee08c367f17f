"""M6: the billed share of the line is above the earned share and its tolerance, or above all.

The line is worth 100,000.00, half of it is earned, and five percent more may be billed: 55,000.00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ProgressBilling
from data.schemas.contracts import ContractLine
from data.schemas.people import Progress
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import change_order, clause, clauses, contract, project, reference
from tests.builders.items import MONDAY, at, milestone
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.PROGRESS_OVERBILLED
CLAUSE = "CL-progress_billing"
MS = "test:MS-1"
SUNDAY, TUESDAY, THURSDAY = date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 5)
VALUE = 100_000_00
AGREED = ProgressBilling(tolerance=0.05)
HALF = (Progress(as_of=SUNDAY, earned=0.5),)


def _lines(value_minor=VALUE):
    return (
        ContractLine(id="L-1", project_id="P-1", name="Build", value_minor=value_minor),
        ContractLine(id="L-2", project_id="P-2", name="Run", value_minor=VALUE),
    )


def _under(terms=AGREED, *, progress=HALF, value_minor=VALUE, **overrides):
    agreed = contract(clauses=clauses(terms), lines=_lines(value_minor), **overrides)
    return reference(agreed, projects=(project(progress=progress),))


def _earned(earned, *, tolerance):
    return _under(
        ProgressBilling(tolerance=tolerance), progress=(Progress(as_of=SUNDAY, earned=earned),)
    )


def _milestone(amount_minor, *, day=MONDAY, **overrides):
    return milestone(amount_minor=amount_minor, **({"submitted_at": at(day)} | overrides))


def _before(amount_minor, **overrides):
    """What was accepted earlier."""
    given = {"external_id": "MS-0", "submitted_at": at(SUNDAY)}
    return milestone(amount_minor=amount_minor, **(given | overrides))


def _more(delta_minor, **overrides):
    given = {"line_id": "L-1", "delta_value_minor": delta_minor, "effective_on": WEDNESDAY}
    return change_order(**(given | overrides))


ROWS = (
    Row(
        name="less than is earned",
        shows=Aspect.CLEAN,
        item=_milestone(40_000_00),
        under=_under(),
    ),
    Row(
        # Above the earned 50,000.00 stand 30,000.00.
        name="far more than is earned",
        shows=Aspect.HIT,
        item=_milestone(80_000_00),
        under=_under(),
        expected={MS: 30_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the tolerance exactly used up",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(55_000_00),
        under=_under(),
    ),
    Row(
        # Past the tolerance all that is not earned is at stake: 55,000.01 - 50,000.00.
        name="one cent above the tolerance",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(55_000_01),
        under=_under(),
        expected={MS: 5_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # 50,000.00 before and 5,000.01 now: 5,000.01 are not earned.
        name="what was billed before counts",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(5_000_01),
        before=(_before(50_000_00),),
        under=_under(),
        expected={MS: 5_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # 5,000.01 are not earned, of which no more than the 1,000.01 of now are at stake now.
        name="no more is at stake than is billed now",
        shows=Aspect.HIT,
        item=_milestone(1_000_01),
        before=(_before(54_000_00),),
        under=_under(),
        expected={MS: 1_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # 0.7 + 0.1 is 0.8 to the last digit, though not in binary.
        name="seven and one tenths are eight tenths",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(80_000_00),
        under=_earned(0.7, tolerance=0.1),
    ),
    Row(
        # 80,000.01 - 70,000.00.
        name="eight tenths and one cent",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(80_000_01),
        under=_earned(0.7, tolerance=0.1),
        expected={MS: 10_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # 99,999.99 x 0.3333 = 33,329.996667 -> 33,330.00; 40,000.00 - 33,330.00.
        name="earned money that does not divide",
        shows=Aspect.HIT,
        item=_milestone(40_000_00),
        under=_under(value_minor=99_999_99, progress=(Progress(as_of=SUNDAY, earned=0.3333),)),
        expected={MS: 6_670_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 99,999.99 x (0.3333 + 0.05) = 38,329.996167: the cent of 38,330.00 is too much.
        name="a share that is no whole cent is compared exactly",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(38_330_00),
        under=_under(value_minor=99_999_99, progress=(Progress(as_of=SUNDAY, earned=0.3333),)),
        expected={MS: 5_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="everything is earned and billed",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(VALUE),
        under=_earned(1.0, tolerance=0.05),
    ),
    Row(
        # No tolerance goes beyond the whole.
        name="everything is earned, and one cent more is billed",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(VALUE + 1),
        under=_earned(1.0, tolerance=0.05),
        expected={MS: 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="nothing was measured, and the tolerance is billed",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(5_000_00),
        under=_under(progress=()),
    ),
    Row(
        # Nothing is earned, so everything is at stake.
        name="nothing was measured, and more than the tolerance is billed",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(5_000_01),
        under=_under(progress=()),
        expected={MS: 5_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # Half until Tuesday and 0.6 from Wednesday: 60,000.00 - 50,000.00.
        name="submitted the day before more is earned",
        shows=Aspect.HIT,
        item=_milestone(60_000_00, day=TUESDAY),
        under=_under(progress=(Progress(as_of=WEDNESDAY, earned=0.6), *HALF)),
        expected={MS: 10_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted the day more is earned",
        shows=Aspect.CLEAN,
        item=_milestone(60_000_00, day=WEDNESDAY),
        under=_under(progress=(Progress(as_of=WEDNESDAY, earned=0.6), *HALF)),
    ),
    Row(
        # Tuesday 23:30 UTC is Wednesday in Vienna.
        name="submitted late the evening before more is earned, by the day in Vienna",
        shows=Aspect.CLEAN,
        item=_milestone(60_000_00, submitted_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC)),
        under=_under(progress=(Progress(as_of=WEDNESDAY, earned=0.6), *HALF)),
    ),
    Row(
        name="submitted late the evening before more is earned, by the day in New York",
        shows=Aspect.HIT,
        item=_milestone(
            60_000_00,
            submitted_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC),
            zone="America/New_York",
        ),
        under=_under(progress=(Progress(as_of=WEDNESDAY, earned=0.6), *HALF)),
        expected={MS: 10_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # What was earned was measured down to 0.3: 40,000.00 - 30,000.00.
        name="the last measure counts, though it is lower",
        shows=Aspect.HIT,
        item=_milestone(40_000_00, day=THURSDAY),
        under=_under(progress=(*HALF, Progress(as_of=WEDNESDAY, earned=0.3))),
        expected={MS: 10_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="milestones of another line do not count",
        shows=Aspect.CLEAN,
        item=_milestone(50_000_00),
        before=(_before(50_000_00, line_id="L-2", project_id="P-2"),),
        under=_under(),
    ),
    Row(
        name="an older version of the same milestone does not count",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(55_000_00),
        before=(_milestone(50_000_00),),
        under=_under(),
    ),
    Row(
        # The other takes 50,000.00 first: 60,000.00 - 50,000.00.
        name="submitted an hour after another milestone",
        shows=Aspect.HIT,
        item=_milestone(10_000_00, submitted_at=at(MONDAY, hour=17)),
        beside=(_before(50_000_00, submitted_at=at(MONDAY, hour=16)),),
        under=_under(),
        expected={MS: 10_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="submitted an hour before another milestone",
        shows=Aspect.CLEAN,
        item=_milestone(10_000_00, submitted_at=at(MONDAY, hour=15)),
        beside=(_before(50_000_00, submitted_at=at(MONDAY, hour=16)),),
        under=_under(),
    ),
    Row(
        name="a line without a value is not judged",
        shows=Aspect.CLEAN,
        item=_milestone(80_000_00),
        under=_under(value_minor=0),
    ),
    Row(
        name="not marked as ready to bill",
        shows=Aspect.CLEAN,
        item=_milestone(80_000_00, is_ready_to_bill=False),
        under=_under(),
    ),
    Row(
        name="a contract that says nothing about progress",
        shows=Aspect.CLEAN,
        item=_milestone(80_000_00),
        under=reference(contract(lines=_lines()), projects=(project(progress=HALF),)),
    ),
    Row(
        # The line gives no tolerance: 51,000.00 - 50,000.00.
        name="the line's own tolerance",
        shows=Aspect.HIT,
        item=_milestone(51_000_00),
        under=reference(
            contract(
                clauses=(
                    *clauses(AGREED),
                    clause(ProgressBilling(), id="CL-line", line_id="L-1"),
                ),
                lines=_lines(),
            ),
            projects=(project(progress=HALF),),
        ),
        expected={MS: 1_000_00},
        clause_id="CL-line",
    ),
    Row(
        # 12,345 yen x 0.55 = 6,789.75: 6,790 are too many; earned are 6,172.5 -> 6,173.
        name="one yen above the tolerance",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(6_790, currency="JPY"),
        under=_under(value_minor=12_345, currency="JPY"),
        expected={MS: 617},
        clause_id=CLAUSE,
    ),
    Row(
        # 60,000.00 - 50,000.00: the order counts from Wednesday.
        name="the day before an order adds to the value",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_milestone(60_000_00, day=TUESDAY),
        under=_under(change_orders=(_more(20_000_00),)),
        expected={MS: 10_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Half of 120,000.00 are earned.
        name="the day an order adds to the value",
        shows=Aspect.AMENDED,
        item=_milestone(60_000_00, day=WEDNESDAY),
        under=_under(change_orders=(_more(20_000_00),)),
    ),
    Row(
        # 120,000.00 x 0.55 = 66,000.00: a cent more, and 6,000.01 above the earned 60,000.00.
        name="one cent above the tolerance of the added value",
        shows=Aspect.AMENDED,
        item=_milestone(66_000_01, day=WEDNESDAY),
        under=_under(change_orders=(_more(20_000_00),)),
        expected={MS: 6_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that was only sent adds nothing",
        shows=Aspect.AMENDED,
        item=_milestone(60_000_00, day=WEDNESDAY),
        under=_under(change_orders=(_more(20_000_00, status=ChangeOrderStatus.SENT),)),
        expected={MS: 10_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Ten percent from Wednesday on: 60,000.00 are the last.
        name="a restated tolerance exactly used up",
        shows=Aspect.AMENDED,
        item=_milestone(60_000_00, day=WEDNESDAY),
        under=_under(change_orders=(restating(ProgressBilling(tolerance=0.1)),)),
    ),
    Row(
        name="one cent above a restated tolerance",
        shows=Aspect.AMENDED,
        item=_milestone(60_000_01, day=WEDNESDAY),
        under=_under(change_orders=(restating(ProgressBilling(tolerance=0.1)),)),
        expected={MS: 10_000_01},
        clause_id="CL-new",
    ),
)


@table(ROWS)
def test_progress_overbilled(row):
    check_row(CODE, row)
