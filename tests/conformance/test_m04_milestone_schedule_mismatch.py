"""M4: the schedule does not add up to the line's value, or a milestone is billed off schedule.

The line is worth 100,000.00 in three milestones of 33,333.33, 33,333.33 and 33,333.34. The client
keeps a tenth back and takes an advance of 10,000.00 off them in proportion.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingSchedule, PlannedMilestone
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.items import MONDAY, at, milestone
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MILESTONE_SCHEDULE_MISMATCH
CLAUSE = "CL-billing_schedule"
TUESDAY = date(2026, 3, 3)
VALUE = 100_000_00
THIRDS = (33_333_33, 33_333_33, 33_333_34)


def _schedule(*planned_minor, retainage=0.0, advance_minor=0):
    """Milestones MS-1, MS-2 ... of these amounts."""
    return BillingSchedule(
        milestones=tuple(
            PlannedMilestone(milestone_id=f"MS-{place}", amount_minor=amount)
            for place, amount in enumerate(planned_minor, start=1)
        ),
        retainage=retainage,
        advance_minor=advance_minor,
    )


AGREED = _schedule(*THIRDS, retainage=0.1, advance_minor=10_000_00)


def _line(value_minor=VALUE):
    return ContractLine(id="L-1", project_id="P-1", name="Build", value_minor=value_minor)


def _under(terms=AGREED, *, value_minor=VALUE, **overrides):
    lines = (_line(value_minor), ContractLine(id="L-2", project_id="P-1", name="Run"))
    return reference(contract(clauses=clauses(terms), lines=lines, **overrides))


def _milestone(amount_minor, *, number=1, day=MONDAY, **overrides):
    given = {"submitted_at": at(day), "external_id": f"MS-{number}"}
    return milestone(amount_minor=amount_minor, **(given | overrides))


def _more(delta_minor, **overrides):
    """An order of Wednesday that adds to the value of the line."""
    given = {"line_id": "L-1", "delta_value_minor": delta_minor, "effective_on": WEDNESDAY}
    return change_order(**(given | overrides))


def _restated_with(delta_minor):
    """The same order, which schedules what it adds."""
    scheduled = clause(_schedule(VALUE + delta_minor), id="CL-new")
    return _more(delta_minor, clauses=(scheduled,))


def _simple(**overrides):
    """One milestone of the whole value, nothing kept back and nothing in advance."""
    return _under(_schedule(VALUE), **overrides)


ROWS = (
    Row(
        # 33,333.33 x 0.9 = 29,999.997 -> 30,000.00; the advance gives 10,000.00 x 33,333.33 /
        # 100,000.00 = 3,333.333 -> 3,333.33; 30,000.00 - 3,333.33 = 26,666.67.
        name="the first milestone as scheduled",
        shows=Aspect.CLEAN,
        item=_milestone(26_666_67),
        under=_under(),
    ),
    Row(
        # 26,666.67 are due, so 6,666.66 are too much.
        name="the first milestone without retainage and advance",
        shows=Aspect.HIT,
        item=_milestone(33_333_33),
        under=_under(),
        expected={"test:MS-1": 6_666_66},
        clause_id=CLAUSE,
    ),
    Row(
        name="the second milestone as scheduled",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(26_666_67, number=2),
        under=_under(),
    ),
    Row(
        name="the second milestone, one cent too much",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(26_666_68, number=2),
        under=_under(),
        expected={"test:MS-2": 1},
        clause_id=CLAUSE,
    ),
    Row(
        name="the second milestone, one cent too little",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(26_666_66, number=2),
        under=_under(),
        expected={"test:MS-2": -1},
        clause_id=CLAUSE,
    ),
    Row(
        # 33,333.34 x 0.9 = 30,000.006 -> 30,000.01; the rest of the advance is 10,000.00 - 2 x
        # 3,333.33 = 3,333.34, where its own share would be 3,333.33; 26,666.67 are due.
        name="the last milestone takes the rest of the advance",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(26_666_67, number=3),
        under=_under(),
    ),
    Row(
        name="the last milestone takes its own share of the advance",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(26_666_68, number=3),
        under=_under(),
        expected={"test:MS-3": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 10.50 x 0.93 = 9.765 -> 9.77, though 0.07 has no exact binary form.
        name="half a cent after retainage goes up",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(9_77),
        under=_under(_schedule(10_50, 99_989_50, retainage=0.07)),
    ),
    Row(
        # Shares of 0.01 / 3: 1/300 -> 0.00 and 0.00, the last takes the cent.
        name="an advance of one cent is taken off the last milestone",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(33_333_33, number=3),
        under=_under(_schedule(*THIRDS, advance_minor=1)),
    ),
    Row(
        name="a milestone that is not in the schedule",
        shows=Aspect.HIT,
        item=_milestone(5_000_01, number=9),
        under=_under(),
        expected={"test:MS-9": 5_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        # 100,000.00 are scheduled for a line of 99,999.99.
        name="the schedule is a cent above the line's value",
        shows=Aspect.JUST_OUTSIDE,
        item=_milestone(VALUE),
        under=_simple(value_minor=99_999_99),
        expected={"test:MS-1": 1},
        clause_id=CLAUSE,
    ),
    Row(
        # 100,000.00 are scheduled for a line of 120,000.50.
        name="the schedule is far below the line's value",
        shows=Aspect.HIT,
        item=_milestone(VALUE),
        under=_simple(value_minor=120_000_50),
        expected={"test:MS-1": 20_000_50},
        clause_id=CLAUSE,
    ),
    Row(
        # 1,000.00 between schedule and value, and 50.00 too much on the milestone.
        name="the schedule does not add up and the milestone is off it",
        shows=Aspect.HIT,
        item=_milestone(VALUE + 50_00),
        under=_simple(value_minor=99_000_00),
        expected={"test:MS-1": 1_050_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="not marked as ready to bill",
        shows=Aspect.CLEAN,
        item=_milestone(33_333_33, is_ready_to_bill=False),
        under=_under(),
    ),
    Row(
        name="a contract without a schedule",
        shows=Aspect.CLEAN,
        item=_milestone(33_333_33),
        under=reference(contract(lines=(_line(),))),
    ),
    Row(
        # The line keeps nothing back: 33,333.33 are due.
        name="the line's own schedule",
        shows=Aspect.HIT,
        item=_milestone(30_000_00),
        under=reference(
            contract(
                lines=(_line(),),
                clauses=(
                    *clauses(AGREED),
                    clause(_schedule(*THIRDS), id="CL-line", line_id="L-1"),
                ),
            )
        ),
        expected={"test:MS-1": -3_333_33},
        clause_id="CL-line",
    ),
    Row(
        # 12,345 yen x 0.9 = 11,110.5 -> 11,111.
        name="half a yen after retainage goes up",
        shows=Aspect.JUST_INSIDE,
        item=_milestone(11_111, currency="JPY"),
        under=_under(_schedule(12_345, retainage=0.1), value_minor=12_345, currency="JPY"),
    ),
    Row(
        name="the day before an order adds to the value",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_milestone(VALUE, day=TUESDAY),
        under=_simple(change_orders=(_more(5_000_00),)),
    ),
    Row(
        # 105,000.00 less the 100,000.00 that are scheduled.
        name="the day an order adds to the value and leaves the schedule",
        shows=Aspect.AMENDED,
        item=_milestone(VALUE, day=WEDNESDAY),
        under=_simple(change_orders=(_more(5_000_00),)),
        expected={"test:MS-1": 5_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Tuesday 23:30 UTC is Wednesday in Vienna.
        name="late the evening before, by the day in Vienna",
        shows=Aspect.AMENDED,
        item=_milestone(VALUE, submitted_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC)),
        under=_simple(change_orders=(_more(5_000_00),)),
        expected={"test:MS-1": 5_000_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="late the evening before, by the day in New York",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_milestone(
            VALUE,
            submitted_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC),
            zone="America/New_York",
        ),
        under=_simple(change_orders=(_more(5_000_00),)),
    ),
    Row(
        name="an order of another line",
        shows=Aspect.AMENDED,
        item=_milestone(VALUE, day=WEDNESDAY),
        under=_simple(change_orders=(_more(5_000_00, line_id="L-2"),)),
    ),
    Row(
        name="an order of the whole contract leaves the line's value",
        shows=Aspect.AMENDED,
        item=_milestone(VALUE, day=WEDNESDAY),
        under=_simple(change_orders=(_more(5_000_00, line_id=None),)),
    ),
    Row(
        name="an order that was only sent adds nothing",
        shows=Aspect.AMENDED,
        item=_milestone(VALUE, day=WEDNESDAY),
        under=_simple(change_orders=(_more(5_000_00, status=ChangeOrderStatus.SENT),)),
    ),
    Row(
        name="an order that adds to the value and restates the schedule",
        shows=Aspect.AMENDED,
        item=_milestone(105_000_00, day=WEDNESDAY),
        under=_simple(change_orders=(_restated_with(5_000_00),)),
    ),
    Row(
        # 105,000.00 are scheduled, the line is worth as much, and 5,000.00 were not billed.
        name="the old amount after the schedule was restated",
        shows=Aspect.AMENDED,
        item=_milestone(VALUE, day=WEDNESDAY),
        under=_simple(change_orders=(_restated_with(5_000_00),)),
        expected={"test:MS-1": -5_000_00},
        clause_id="CL-new",
    ),
)


@table(ROWS)
def test_milestone_schedule_mismatch(row):
    check_row(CODE, row)
