"""T21 excluded activities, T22 work out of scope, M7 unsigned change orders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ChangeControl, Exclusions, WorkScope
from data.schemas.people import Task
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind, Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import change_order, clause, clauses, contract, project, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, entry, milestone, timesheet

T21 = ExceptionCode.NONBILLABLE_ACTIVITY_BILLED
T22 = ExceptionCode.OUT_OF_SCOPE_WORK
M7 = ExceptionCode.CHANGE_ORDER_UNSIGNED
WEDNESDAY = MONDAY + timedelta(days=2)


def _under(*terms, **overrides):
    return reference(contract(clauses=clauses(*terms), **overrides))


EXCLUDED = _under(Exclusions(activities=("travel", "training")))


@pytest.mark.parametrize(
    ("activity", "minutes_billable", "is_found"),
    [
        ("travel", 480, True),
        ("training", 480, True),
        ("Travel", 480, False),  # coded facts are compared as they stand
        ("development", 480, False),
        (None, 480, False),
        ("travel", 0, False),
    ],
)
def test_excluded_activity_is_not_billed(activity, minutes_billable, is_found):
    sheet = timesheet(entries=(entry(activity=activity, minutes_billable=minutes_billable),))
    found = finding_of(T21, sheet, under=EXCLUDED)
    assert rows_of(found) == ({"E-1": 960_00} if is_found else {})


def test_excluded_activity_is_named():
    found = finding_of(T21, timesheet(entries=(entry(activity="travel"),)), under=EXCLUDED)
    assert (found.severity, found.evidence[0].actual) == (Severity.HIGH, "travel is billed")


def test_activity_excluded_by_one_clause_is_billable_under_another():
    other = contract(id="C-2", clauses=(clause(Exclusions(activities=("admin",))),))
    under = reference(contract(clauses=clauses(Exclusions(activities=("travel",)))), other)
    sheet = timesheet(entries=(entry(activity="admin"),))
    assert finding_of(T21, sheet, under=under) is None
    elsewhere = sheet.model_copy(update={"contract_id": "C-2"})
    assert finding_of(T21, elsewhere, under=under) is not None


def test_without_exclusions_every_activity_is_billable():
    assert finding_of(T21, timesheet(entries=(entry(activity="travel"),))) is None


TASKS = project(
    tasks=(Task(id="T-1", name="Build"), Task(id="T-2", name="Extra", is_in_scope=False))
)


@pytest.mark.parametrize(
    ("listed", "task", "is_found"),
    [
        (("T-1",), {"task_id": "T-1"}, False),
        (("T-1",), {"task_id": "T-2"}, True),
        (("T-2",), {"task_id": "T-2"}, False),  # the list outranks what the project marks
        (("T-1",), {"task_id": "T-1", "project_id": "P-9"}, False),  # listed by its id alone
        ((), {"task_id": "T-1"}, False),
        ((), {"task_id": "T-2"}, True),
        ((), {"task_id": "T-9"}, True),
        ((), {"task_id": "T-1", "project_id": "P-9"}, True),  # nobody marks an unknown project
        ((), {"task_id": "T-2", "minutes_billable": 0}, False),
    ],
)
def test_work_is_on_a_task_in_scope(listed, task, is_found):
    terms = contract(clauses=clauses(WorkScope(task_ids=listed)))
    sheet = timesheet(entries=(entry(**task),))
    found = finding_of(T22, sheet, under=reference(terms, projects=[TASKS]))
    assert rows_of(found) == ({"E-1": -960_00} if is_found else {})


@pytest.mark.parametrize(
    ("order", "found_rows"),
    [
        ({"task_ids": ("T-2",)}, ["TS-1-1", "TS-1-2"]),  # from Wednesday on, included
        ({"task_ids": ("T-2",), "line_id": "L-1"}, ["TS-1-1", "TS-1-2"]),
        ({"task_ids": ("T-2",), "effective_on": MONDAY}, []),
        ({"task_ids": ("T-1",)}, [f"TS-1-{n}" for n in range(1, 6)]),
        (
            {"task_ids": ("T-2",), "status": ChangeOrderStatus.SENT},
            [f"TS-1-{n}" for n in range(1, 6)],
        ),
    ],
)
def test_executed_change_order_brings_its_tasks_into_scope(order, found_rows):
    under = _under(WorkScope(task_ids=("T-1",)), change_orders=(change_order(**order),))
    sheet = timesheet(entries=tuple(_on(day, task_id="T-2") for day in range(5)))
    assert list(rows_of(finding_of(T22, sheet, under=under))) == found_rows


def test_order_of_another_line_brings_nothing_into_scope():
    lines = (contract().lines[0], contract().lines[0].model_copy(update={"id": "L-2"}))
    order = change_order(task_ids=("T-2",), line_id="L-2", effective_on=MONDAY)
    under = _under(WorkScope(task_ids=("T-1",)), lines=lines, change_orders=(order,))
    assert finding_of(T22, timesheet(entries=(_on(0, task_id="T-2"),)), under=under)


def test_out_of_scope_task_is_named():
    under = _under(WorkScope(task_ids=("T-1",)))
    found = finding_of(T22, timesheet(entries=(_on(0, task_id="T-2"),)), under=under)
    assert (found.severity, found.evidence[0].actual) == (Severity.HIGH, "task T-2")


def _on(day: int, **overrides):
    return entry(id=f"TS-1-{day + 1}", work_date=MONDAY + timedelta(days=day), **overrides)


FUNDED = {"delta_value_minor": 1_000_00}


@pytest.mark.parametrize(
    ("order", "actual"),
    [
        (FUNDED, None),  # effective on Wednesday, the day of the work
        ({"delta_funded_minor": 1}, None),
        (FUNDED | {"effective_on": WEDNESDAY + timedelta(days=1)}, "takes effect on 2026-03-05"),
        (FUNDED | {"status": ChangeOrderStatus.SENT}, "is sent, not executed"),
        (FUNDED | {"status": ChangeOrderStatus.DRAFT}, "is draft, not executed"),
        (FUNDED | {"status": ChangeOrderStatus.VOID}, "is void, not executed"),
        ({}, "adds no funds"),
        ({"new_period_end": date(2027, 1, 31)}, "adds no funds"),
        ({"delta_value_minor": 100, "delta_funded_minor": -100}, "adds no funds"),
        (FUNDED | {"id": "CO-2"}, "is not known to the contract"),
    ],
)
def test_change_order_is_executed_and_funded_on_the_day(order, actual):
    under = _under(change_orders=(change_order(**order),))
    cited = {"change_order_id": "CO-1"}
    sheet = timesheet(entries=(_on(2, **cited),))
    report = expense_report(expense(incurred_on=WEDNESDAY, **cited))
    due = milestone(submitted_at=sheet.submitted_at.replace(day=4), **cited)
    told = None if actual is None else f"change order CO-1 {actual}"
    for item in (sheet, report, due):
        found = finding_of(M7, item, under=under)
        assert (found.evidence[0].actual if found else None) == told


def test_money_under_an_unsigned_order_is_at_risk():
    cited = {"change_order_id": "CO-1"}
    sheet, report = (
        timesheet(entries=(entry(**cited),)),
        expense_report(expense(**cited)),
    )
    assert rows_of(finding_of(M7, sheet)) == {"E-1": 960_00}
    assert rows_of(finding_of(M7, report)) == {"X-1": 80_00}
    assert rows_of(finding_of(M7, milestone(**cited))) == {"test:MS-1": 20_000_00}


def test_what_is_not_billed_needs_no_change_order():
    cited = {"change_order_id": "CO-1"}
    assert finding_of(M7, timesheet(entries=(entry(minutes_billable=0, **cited),))) is None
    report = expense_report(expense(billable_minor=0, **cited))
    assert finding_of(M7, report) is None
    assert finding_of(M7, milestone(is_ready_to_bill=False, **cited)) is None


def test_order_of_another_contract_does_not_count():
    other = contract(id="C-2", change_orders=(change_order(effective_on=MONDAY, **FUNDED),))
    sheet = timesheet(entries=(entry(change_order_id="CO-1"),))
    assert finding_of(M7, sheet, under=reference(contract(), other)) is not None


def test_change_control_is_cited_where_it_was_agreed():
    sheet = timesheet(entries=(entry(change_order_id="CO-1"),))
    assert finding_of(M7, sheet).clause_id is None
    found = finding_of(M7, sheet, under=_under(ChangeControl()))
    assert found.clause_id == f"CL-{ClauseKind.CHANGE_CONTROL}"
