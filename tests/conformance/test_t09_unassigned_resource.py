"""T9: no assignment of the person to the project or task covers the work date.

77 minutes at 120.50 an hour are 154.6417 -> 154.64.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import StaffingPlan
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import assignment, clause, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.UNASSIGNED_RESOURCE
TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)
PLAN = clause(StaffingPlan(), id="CL-plan")
MIDWEEK = assignment(start=TUESDAY, end=THURSDAY)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)


def _under(*stays, agreed=(PLAN,), **overrides):
    return reference(contract(clauses=agreed, lines=LINES, **overrides), assignments=stays)


def _sheet(*, day=MONDAY, **overrides):
    work = {"work_date": day, "minutes_worked": 77, "hourly_rate_minor": 120_50}
    return timesheet(entries=(entry(**(work | overrides)),))


ROWS = (
    Row(
        name="a day inside a stay on the project",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(assignment()),
    ),
    Row(
        name="a day inside a stay on the task",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(assignment(task_id="T-1")),
    ),
    Row(
        name="nobody is assigned at all",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        name="somebody else is assigned",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(assignment(person_id="bob")),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        name="the stay is on another task",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(assignment(task_id="T-2")),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        name="the stay is on another project",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(assignment(project_id="P-2")),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        name="the first day of the stay",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(day=TUESDAY),
        under=_under(MIDWEEK),
    ),
    Row(
        name="the last day of the stay",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(day=THURSDAY),
        under=_under(MIDWEEK),
    ),
    Row(
        name="the day before the first of the stay",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(day=MONDAY),
        under=_under(MIDWEEK),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        name="the day after the last of the stay",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(day=FRIDAY),
        under=_under(MIDWEEK),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        # Monday 25 min x 120.50 = 50.2083 -> 50.21, Friday 480 min x 120.00.
        name="a week of which the middle is covered",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=25, hourly_rate_minor=120_50),
                entry(id="E-2", work_date=TUESDAY),
                entry(id="E-3", work_date=THURSDAY),
                entry(id="E-4", work_date=FRIDAY),
            )
        ),
        under=_under(MIDWEEK),
        expected={"E-1": 50_21, "E-4": 960_00},
        clause_id="CL-plan",
    ),
    Row(
        name="two stays that meet",
        shows=Aspect.JUST_INSIDE,
        item=timesheet(
            entries=(
                entry(id="E-1", work_date=TUESDAY),
                entry(id="E-2", work_date=WEDNESDAY),
            )
        ),
        under=_under(assignment(end=TUESDAY), assignment(id="A-2", start=WEDNESDAY)),
    ),
    Row(
        name="a day between two stays",
        shows=Aspect.HIT,
        item=_sheet(day=WEDNESDAY),
        under=_under(assignment(end=TUESDAY), assignment(id="A-2", start=THURSDAY)),
        expected={"E-1": 154_64},
        clause_id="CL-plan",
    ),
    Row(
        name="the day before a staffing plan is agreed by a change order",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(day=TUESDAY),
        under=_under(agreed=(), change_orders=(restating(StaffingPlan()),)),
    ),
    Row(
        name="the day a staffing plan is agreed by a change order",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(agreed=(), change_orders=(restating(StaffingPlan()),)),
        expected={"E-1": 154_64},
        clause_id="CL-new",
    ),
    Row(
        name="a staffing plan that was sent and not signed",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(
            agreed=(), change_orders=(restating(StaffingPlan(), status=ChangeOrderStatus.SENT),)
        ),
    ),
    Row(
        name="a staffing plan of another line",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(agreed=(clause(StaffingPlan(), id="CL-line", line_id="L-2"),)),
    ),
    Row(
        name="the line's own staffing plan is cited before the contract's",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(agreed=(PLAN, clause(StaffingPlan(), id="CL-line", line_id="L-1"))),
        expected={"E-1": 154_64},
        clause_id="CL-line",
    ),
    Row(
        # 50 min x 9,500 yen = 7,916.67 -> 7,917 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=50, hourly_rate_minor=9_500),)
        ),
        under=_under(currency="JPY"),
        expected={"E-1": 7_917},
        clause_id="CL-plan",
    ),
    Row(
        name="a staffing plan that nobody confirmed",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(agreed=(clause(StaffingPlan(), confirmed_by=None),)),
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(minutes_billable=0),
        under=_under(),
    ),
)


@table(ROWS)
def test_unassigned_resource(row):
    check_row(CODE, row)
