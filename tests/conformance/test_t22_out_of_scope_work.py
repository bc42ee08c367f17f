"""T22: the task is neither in the statement of work nor in an executed change order.

90 minutes at 120.00 an hour are 180.00, and what is out of scope is money we fail to bill.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import WorkScope
from data.schemas.contracts import ContractLine
from data.schemas.people import Task
from data.schemas.vocabulary import ChangeOrderStatus, Proof
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import change_order, clause, clauses, contract, project, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.OUT_OF_SCOPE_WORK
CLAUSE = "CL-scope"
FEBRUARY, TUESDAY = date(2026, 2, 2), date(2026, 3, 3)
LEDGER, TURBINE = "Reconciled the invoice ledger", "Calibrated the turbine sensors"
LISTED = WorkScope(task_ids=("T-1", "T-3"))
AS_MARKED = WorkScope()
"""Nothing is listed: the marks of the project decide."""
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)
PROJECTS = (
    project(
        tasks=(
            Task(id="T-1", name="Build"),
            Task(id="T-2", name="Migrate", is_in_scope=False),
            Task(id="T-3", name="Train", is_in_scope=False),
        )
    ),
    project(id="P-2", name="Run", tasks=(Task(id="T-1", name="Watch", is_in_scope=False),)),
)


def _under(terms, **overrides):
    agreed = contract(clauses=clauses(terms), lines=LINES, **overrides)
    return reference(agreed, projects=PROJECTS)


def _sheet(task_id, *, day=MONDAY, minutes=90, **overrides):
    work = entry(work_date=day, minutes_worked=minutes, task_id=task_id, **overrides)
    return timesheet(entries=(work,))


def _brings_in(*task_ids, **overrides):
    """The statement of work, with an order of Wednesday that brings tasks into scope."""
    order = change_order(effective_on=WEDNESDAY, task_ids=task_ids, **overrides)
    return _under(LISTED, change_orders=(order,))


def _taught(*, here=20, elsewhere=3):
    """What was written before on this project, on the turbines, and on a third one."""
    written = (("P-1", LEDGER, here), ("P-2", TURBINE, elsewhere), ("P-3", "Painted the hall", 1))
    return tuple(
        timesheet(
            external_id=f"TS-{project_id}",
            entries=tuple(
                entry(
                    id=f"{project_id}-{place}",
                    work_date=FEBRUARY,
                    minutes_worked=20,
                    project_id=project_id,
                    narrative=narrative,
                )
                for place in range(count)
            ),
        )
        for project_id, narrative, count in written
    )


ROWS = (
    Row(
        name="a task of the statement of work",
        shows=Aspect.CLEAN,
        item=_sheet("T-1"),
        under=_under(LISTED),
    ),
    Row(
        name="a task that the statement of work leaves out",
        shows=Aspect.HIT,
        item=_sheet("T-2"),
        under=_under(LISTED),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a listed task counts, whatever the project marks",
        shows=Aspect.CLEAN,
        item=_sheet("T-3"),
        under=_under(LISTED),
    ),
    Row(
        name="without a list, a task that the project marks as in scope",
        shows=Aspect.CLEAN,
        item=_sheet("T-1"),
        under=_under(AS_MARKED),
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21.
        name="without a list, a task that the project marks as out of scope",
        shows=Aspect.HIT,
        item=_sheet("T-2", minutes=25, hourly_rate_minor=12_050),
        under=_under(AS_MARKED),
        expected={"E-1": -50_21},
        clause_id=CLAUSE,
    ),
    Row(
        name="without a list, a task that the project does not know",
        shows=Aspect.HIT,
        item=_sheet("T-9"),
        under=_under(AS_MARKED),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="without a list, a project that nobody knows",
        shows=Aspect.HIT,
        item=_sheet("T-1", project_id="P-9"),
        under=_under(AS_MARKED),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="without a list, the task of that name in another project",
        shows=Aspect.HIT,
        item=_sheet("T-1", project_id="P-2"),
        under=_under(AS_MARKED),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a contract that says nothing about scope",
        shows=Aspect.CLEAN,
        item=_sheet("T-2"),
        under=reference(contract(lines=LINES), projects=PROJECTS),
    ),
    Row(
        name="work out of scope that nobody bills",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("T-2", minutes_billable=0),
        under=_under(LISTED),
    ),
    Row(
        # 1 min x 120.00 = 2.00.
        name="one billed minute out of scope",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet("T-2", minutes_billable=1),
        under=_under(LISTED),
        expected={"E-1": -2_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 180.00 and 960.00 out of scope; the middle entry is in it.
        name="two of three entries are out of scope",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=90, task_id="T-2"),
                entry(id="E-2", work_date=TUESDAY, task_id="T-1"),
                entry(id="E-3", work_date=WEDNESDAY, task_id="T-9"),
            )
        ),
        under=_under(LISTED),
        expected={"E-1": -180_00, "E-3": -960_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a line whose own list holds the task",
        shows=Aspect.CLEAN,
        item=_sheet("T-2"),
        under=reference(
            contract(
                lines=LINES,
                clauses=(
                    *clauses(LISTED),
                    clause(WorkScope(task_ids=("T-2",)), id="CL-line", line_id="L-1"),
                ),
            ),
            projects=PROJECTS,
        ),
    ),
    Row(
        name="a line whose own list leaves the contract's task out",
        shows=Aspect.HIT,
        item=_sheet("T-1"),
        under=reference(
            contract(
                lines=LINES,
                clauses=(
                    *clauses(LISTED),
                    clause(WorkScope(task_ids=("T-2",)), id="CL-line", line_id="L-1"),
                ),
            ),
            projects=PROJECTS,
        ),
        expected={"E-1": -180_00},
        clause_id="CL-line",
    ),
    Row(
        # 50 min at 10,001 yen = 8,334.17 -> 8,334.
        name="work out of scope in yen",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY",
            entries=(entry(minutes_worked=50, hourly_rate_minor=10_001, task_id="T-2"),),
        ),
        under=_under(LISTED, currency="JPY"),
        expected={"E-1": -8_334},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before an order brings the task in",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet("T-2", day=TUESDAY),
        under=_brings_in("T-2"),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day an order brings the task in",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_brings_in("T-2", "T-9"),
    ),
    Row(
        name="an order that brings another task in",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_brings_in("T-9"),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order of the line brings the task in",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_brings_in("T-2", line_id="L-1"),
    ),
    Row(
        name="an order of another line brings nothing in here",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_brings_in("T-2", line_id="L-2"),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order that was only sent brings nothing in",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_brings_in("T-2", status=ChangeOrderStatus.SENT),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an order brings in what the project marks as out of scope",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_under(
            AS_MARKED, change_orders=(change_order(effective_on=WEDNESDAY, task_ids=("T-2",)),)
        ),
    ),
    Row(
        name="a restated scope that holds the task",
        shows=Aspect.AMENDED,
        item=_sheet("T-2", day=WEDNESDAY),
        under=_under(LISTED, change_orders=(restating(WorkScope(task_ids=("T-2",))),)),
    ),
    Row(
        name="a restated scope that leaves the task out",
        shows=Aspect.AMENDED,
        item=_sheet("T-1", day=WEDNESDAY),
        under=_under(LISTED, change_orders=(restating(WorkScope(task_ids=("T-2",))),)),
        expected={"E-1": -180_00},
        clause_id="CL-new",
    ),
    Row(
        # By the model: 0.3 x 3 of 3 content words that only the turbines have used.
        name="a task in scope, in the words of another project",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_sheet("T-1", narrative=TURBINE),
        before=_taught(),
        under=_under(LISTED),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 0.3 x 2 / 3 = 0.2, from 0.19 on.
        name="two of three words are another project's",
        shows=Aspect.JUST_OUTSIDE,
        proof=Proof.MODEL,
        item=_sheet("T-1", narrative="Calibrated the turbine ledger"),
        before=_taught(),
        under=_under(LISTED),
        expected={"E-1": -180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 0.3 x 1 / 2 = 0.15.
        name="one of two words is another project's",
        shows=Aspect.JUST_INSIDE,
        proof=Proof.MODEL,
        item=_sheet("T-1", narrative="Calibrated the ledger"),
        before=_taught(),
        under=_under(LISTED),
    ),
    Row(
        name="words that were used twice elsewhere are nobody's yet",
        shows=Aspect.JUST_INSIDE,
        proof=Proof.MODEL,
        item=_sheet("T-1", narrative=TURBINE),
        before=_taught(elsewhere=2),
        under=_under(LISTED),
    ),
    Row(
        name="nineteen entries do not show what a project's own words are",
        shows=Aspect.JUST_INSIDE,
        proof=Proof.MODEL,
        item=_sheet("T-1", narrative=TURBINE),
        before=_taught(here=19),
        under=_under(LISTED),
    ),
    Row(
        # The rule has proved it, so the model says nothing of it.
        name="a task out of scope, in the words of another project",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_sheet("T-2", narrative=TURBINE),
        before=_taught(),
        under=_under(LISTED),
    ),
)


@table(ROWS)
def test_out_of_scope_work(row):
    check_row(CODE, row)
