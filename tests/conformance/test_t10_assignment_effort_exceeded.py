"""T10: minutes worked by a person on a task or project are above the plan and its tolerance.

A minute at 120.00 an hour is 2.00.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import StaffingPlan
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import assignment, clause, contract, reference
from tests.builders.items import at, entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.ASSIGNMENT_EFFORT_EXCEEDED
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)


def _plan(tolerance=0.0, **overrides):
    return clause(StaffingPlan(effort_tolerance=tolerance), **({"id": "CL-plan"} | overrides))


def _under(*stays, agreed=None, **overrides):
    terms = contract(clauses=agreed or (_plan(),), lines=LINES, **overrides)
    return reference(terms, assignments=stays)


def _on_project(minutes, **overrides):
    return assignment(planned_minutes=minutes, **overrides)


def _on_task(minutes, **overrides):
    return assignment(id="A-2", task_id="T-1", planned_minutes=minutes, **overrides)


def _past(minutes, *, task="T-1", **overrides):
    work = entry(id="E-0", work_date=date(2026, 2, 23), minutes_worked=minutes, task_id=task)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


ROWS = (
    Row(
        name="a day inside the plan",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(_on_task(2_400)),
    ),
    Row(
        name="the plan exactly used up with what was accepted before",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=_under(_on_task(960)),
    ),
    Row(
        # 480 + 480 - 959 = 1 min.
        name="one minute above the plan",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=_under(_on_task(959)),
        expected={"E-1": 2_00},
        clause_id="CL-plan",
    ),
    Row(
        # 600 x 1.05 = 630.
        name="the tolerance exactly used up",
        shows=Aspect.JUST_INSIDE,
        item=one_day(630),
        under=_under(_on_task(600), agreed=(_plan(0.05),)),
    ),
    Row(
        name="one minute above the tolerance",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(631),
        under=_under(_on_task(600), agreed=(_plan(0.05),)),
        expected={"E-1": 2_00},
        clause_id="CL-plan",
    ),
    Row(
        # 300 x 1.333333 = 399.9999, rounded down to 399.
        name="a tolerance that does not divide is rounded down, and met",
        shows=Aspect.JUST_INSIDE,
        item=one_day(399),
        under=_under(_on_task(300), agreed=(_plan(0.333333),)),
    ),
    Row(
        name="a tolerance that does not divide is rounded down, and passed",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(400),
        under=_under(_on_task(300), agreed=(_plan(0.333333),)),
        expected={"E-1": 2_00},
        clause_id="CL-plan",
    ),
    Row(
        # 100 x 1.15 = 115, though the binary 1.15 x 100 lies a little below.
        name="a tolerance that binary fractions do not hold",
        shows=Aspect.JUST_INSIDE,
        item=one_day(115),
        under=_under(_on_task(100), agreed=(_plan(0.15),)),
    ),
    Row(
        # Running: 400, 590, 627, 657 of 600. 27 min x 120.50 = 54.225 -> 54.23; 30 min at 2.00.
        name="a sheet that runs over in its third entry",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=400),
                entry(id="E-2", minutes_worked=190),
                entry(id="E-3", minutes_worked=37, hourly_rate_minor=120_50),
                entry(id="E-4", minutes_worked=30),
            )
        ),
        under=_under(_on_task(600)),
        expected={"E-3": 54_23, "E-4": 60_00},
        clause_id="CL-plan",
    ),
    Row(
        # 720 - 600 = 120 min over, of which 60 are billed.
        name="no more is at risk than is billed",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=720, minutes_billable=60),)),
        under=_under(_on_task(600)),
        expected={"E-1": 120_00},
        clause_id="CL-plan",
    ),
    Row(
        name="effort above the plan of which nothing is billed",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=720, minutes_billable=0),)),
        under=_under(_on_task(600)),
        expected={"E-1": 0},
        clause_id="CL-plan",
    ),
    Row(
        name="the plan of the task outranks a shorter one of the project",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(_on_project(60), _on_task(480)),
    ),
    Row(
        # 480 - 240 = 240 min.
        name="the plan of the task outranks a longer one of the project",
        shows=Aspect.HIT,
        item=one_day(480),
        under=_under(_on_project(4_800), _on_task(240)),
        expected={"E-1": 480_00},
        clause_id="CL-plan",
    ),
    Row(
        # 300 on one task and 240 on the other: 540 - 480 = 60 min.
        name="the plan of a project counts every task",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=300),
                entry(id="E-2", minutes_worked=240, task_id="T-2"),
            )
        ),
        under=_under(_on_project(480)),
        expected={"E-2": 120_00},
        clause_id="CL-plan",
    ),
    Row(
        # The second task has no plan of its own: 480 + 240 - 600 = 120 min of the project's.
        name="the project's plan holds for a task without one, and counts the tasks that have one",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=240, task_id="T-2"),)),
        before=(_past(480),),
        under=_under(_on_project(600), _on_task(480)),
        expected={"E-1": 240_00},
        clause_id="CL-plan",
    ),
    Row(
        name="the plan of a task counts that task alone",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(480, task="T-2"),),
        under=_under(_on_task(480)),
    ),
    Row(
        # January's 240 and this stay's 240 are one plan of 480.
        name="plans of all stays add up, whenever they were",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        under=_under(
            _on_project(240, end=date(2026, 1, 31)),
            _on_project(240, id="A-2", start=date(2026, 2, 1)),
        ),
    ),
    Row(
        name="one minute above the plans of all stays",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(481),
        under=_under(
            _on_project(240, end=date(2026, 1, 31)),
            _on_project(240, id="A-2", start=date(2026, 2, 1)),
        ),
        expected={"E-1": 2_00},
        clause_id="CL-plan",
    ),
    Row(
        name="a stay without a plan limits nothing",
        shows=Aspect.CLEAN,
        item=one_day(1_440),
        under=_under(assignment()),
    ),
    Row(
        name="effort of another person does not count",
        shows=Aspect.CLEAN,
        item=one_day(480),
        before=(_past(480, person_id="bob"),),
        under=_under(_on_task(480)),
    ),
    Row(
        # 300 on the other line and 240 here: 540 - 480 = 60 min.
        name="effort on another line of the same task counts",
        shows=Aspect.HIT,
        item=one_day(240),
        before=(_past(300, line_id="L-2"),),
        under=_under(_on_task(480)),
        expected={"E-1": 120_00},
        clause_id="CL-plan",
    ),
    Row(
        # Friday's sheet was handed in first and took 480 of 500; of Monday's 480 are 460 over.
        name="whoever hands in first uses up first, whatever day was worked",
        shows=Aspect.HIT,
        item=one_day(480, submitted_at=at(FRIDAY, hour=18)),
        beside=(
            timesheet(
                external_id="TS-2",
                entries=(entry(id="F-1", work_date=FRIDAY),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=_under(_on_task(500)),
        expected={"E-1": 920_00},
        clause_id="CL-plan",
    ),
    Row(
        # 528 - 480 = 48 min.
        name="the day before a tolerance takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(528, day=TUESDAY),
        under=_under(_on_task(480), change_orders=(restating(StaffingPlan(effort_tolerance=0.1)),)),
        expected={"E-1": 96_00},
        clause_id="CL-plan",
    ),
    Row(
        # 480 x 1.1 = 528.
        name="the day a tolerance takes effect",
        shows=Aspect.AMENDED,
        item=one_day(528, day=WEDNESDAY),
        under=_under(_on_task(480), change_orders=(restating(StaffingPlan(effort_tolerance=0.1)),)),
    ),
    Row(
        name="one minute above the new tolerance",
        shows=Aspect.AMENDED,
        item=one_day(529, day=WEDNESDAY),
        under=_under(_on_task(480), change_orders=(restating(StaffingPlan(effort_tolerance=0.1)),)),
        expected={"E-1": 2_00},
        clause_id="CL-new",
    ),
    Row(
        name="a tolerance that was sent and not signed",
        shows=Aspect.AMENDED,
        item=one_day(528, day=WEDNESDAY),
        under=_under(
            _on_task(480),
            change_orders=(
                restating(StaffingPlan(effort_tolerance=0.1), status=ChangeOrderStatus.SENT),
            ),
        ),
        expected={"E-1": 96_00},
        clause_id="CL-plan",
    ),
    Row(
        # 529 - 528: the line's 0.1, not the contract's 0.5.
        name="the line's own tolerance outranks the contract's",
        shows=Aspect.HIT,
        item=one_day(529),
        under=_under(_on_task(480), agreed=(_plan(0.5), _plan(0.1, id="CL-line", line_id="L-1"))),
        expected={"E-1": 2_00},
        clause_id="CL-line",
    ),
    Row(
        # 637 - 600 = 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=637, hourly_rate_minor=37_505),)
        ),
        under=_under(_on_task(600), currency="KWD"),
        expected={"E-1": 23_128},
        clause_id="CL-plan",
    ),
)


@table(ROWS)
def test_assignment_effort_exceeded(row):
    check_row(CODE, row)
