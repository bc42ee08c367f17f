"""Tryton rows become items: whole weeks, reached milestones, and nothing dropped in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.schemas.batch import parse_items
from service.connectors.terms_file import read_terms
from service.connectors.tryton_items import milestones, timesheets
from service.connectors.tryton_reference import person_ids, reference_of
from service.connectors.tryton_works import Works
from service.connectors.unmapped import UnmappedError
from service.connectors.work_terms import TrytonProject
from tests.builders.tryton_rows import (
    WRITTEN,
    a_line,
    a_project,
    a_task,
    an_employee,
    stamps,
)

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "tryton_terms.yaml"
EMPLOYEES = [an_employee(1), an_employee(2), an_employee(3, end_date=date(2026, 12, 31))]
ROWS = [
    a_project(1, "Acme T&M rollout"),
    a_task(2, "Discovery", parent=1),
    a_task(3, "Build", parent=1),
    a_task(9, "Build, part one", parent=3),
    a_project(4, "Bluewater fixed price"),
    a_task(5, "M1 design accepted", parent=4, progress="1.0"),
    a_task(6, "M2 go-live", parent=4, progress="0.99"),
    a_project(7, "Somewhere else"),
    a_task(8, "Unknown work", parent=7),
]


@pytest.fixture(scope="module")
def terms():
    return read_terms(SAMPLE)


def works_of(terms):
    return Works(ROWS, terms=terms.tryton)


def mapped_lines(lines, terms):
    return timesheets(lines, works=works_of(terms), terms=terms)


def mapped_tasks(tasks, terms):
    works = Works([*ROWS, *tasks], terms=terms.tryton)
    return milestones(tasks, works=works, terms=terms, people=person_ids(EMPLOYEES))


def ignoring(terms, name):
    section = terms.tryton.model_copy(update={"ignored_projects": (name,)})
    return terms.model_copy(update={"tryton": section})


def test_a_week_of_one_person_on_one_line_is_one_timesheet(terms):
    lines = [a_line(1, day=date(2026, 3, 8)), a_line(2, day=date(2026, 3, 2), work=3)]
    (item,) = mapped_lines(lines, terms).items
    assert item["external_id"] == "employee-1.2026-W10.acme-rollout-work"
    assert (item["period_start"], item["period_end"]) == ("2026-03-02", "2026-03-08")
    assert [entry["id"] for entry in item["entries"]] == ["tryton-line-2", "tryton-line-1"]


def test_another_week_or_another_person_is_another_timesheet(terms):
    lines = [a_line(1), a_line(2, day=date(2026, 3, 9)), a_line(3, employee=2)]
    assert len(mapped_lines(lines, terms).items) == 3


def test_the_week_of_new_year_belongs_to_the_iso_year(terms):
    (item,) = mapped_lines([a_line(1, day=date(2027, 1, 3))], terms).items
    assert "2026-W53" in item["external_id"]


def test_items_pass_the_schema_of_the_api(terms):
    items = (*mapped_lines([a_line(1), a_line(2)], terms).items, *mapped_tasks(ROWS, terms).items)
    batch = parse_items(items)
    assert batch.rejected == ()
    assert len(batch.accepted) == 3


def test_the_last_change_of_a_week_is_its_submission(terms):
    late = datetime(2026, 3, 12, tzinfo=UTC)
    lines = [a_line(1), a_line(2, **stamps(written=late))]
    (item,) = mapped_lines(lines, terms).items
    assert item["submitted_at"] == late.isoformat()
    assert item["entries"][0]["recorded_at"] == WRITTEN.isoformat()


def test_seconds_are_rounded_to_minutes(terms):
    lines = [a_line(1, duration=timedelta(minutes=75, seconds=30))]
    assert mapped_lines(lines, terms).items[0]["entries"][0]["minutes_worked"] == 76


def test_time_on_a_task_below_a_task_belongs_to_the_project(terms):
    (item,) = mapped_lines([a_line(1, work=9)], terms).items
    assert item["line_id"] == "acme-rollout-work"


def test_time_at_a_fixed_price_is_counted_and_left_out(terms):
    mapped = mapped_lines([a_line(1, work=5), a_line(2)], terms)
    assert (mapped.accepted, mapped.ignored, len(mapped.items)) == (1, 1, 1)


def test_a_project_named_as_ignored_is_counted_and_left_out(terms):
    mapped = mapped_lines([a_line(1, work=8)], ignoring(terms, "Somewhere else"))
    assert (mapped.ignored, mapped.rejections) == (1, ())


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (a_line(1, work=8), "project", "tryton.projects"),
        (a_line(1, work=99), "work", "access rights"),
        (a_line(1, duration=None), "duration", "no time worked"),
        (a_line(1, duration=timedelta(hours=-1)), "duration", "no time worked"),
        (a_line(1) | {"work": {"origin": None}}, "work", "book time on a task"),
        (a_line(1) | {"work": {"origin": "project.other,2"}}, "work", "book time on a task"),
    ],
)
def test_a_line_that_cannot_be_placed_is_given_back_with_the_remedy(terms, line, field, reason):
    mapped = mapped_lines([a_line(7), line], terms)
    (rejection,) = mapped.rejections
    assert (rejection.row, rejection.external_id) == (1, "line-1")
    assert rejection.problems[0].field == field
    assert reason in rejection.problems[0].reason
    assert mapped.accepted == 1


def test_a_finished_effort_task_is_an_accepted_milestone(terms):
    reached, open_one = mapped_tasks(ROWS, terms).items
    assert (reached["is_ready_to_bill"], open_one["is_ready_to_bill"]) == (True, False)
    assert reached["acceptance"] == [
        {
            "kind": "accepted",
            "at": WRITTEN.isoformat(),
            "actor": "progress set to 100 % in Tryton",
        }
    ]
    assert open_one["acceptance"] == []
    assert reached["amount_minor"] == 1_500_000
    assert reached["owner_id"] == "tryton-employee-2"


def test_a_task_sold_by_the_hour_is_worth_its_effort(terms):
    by_hour = a_task(5, "M1 design accepted", parent=4, list_price=Decimal("180.00"),
                     product={"default_uom": {"name": "Hour"}})  # fmt: skip
    assert mapped_tasks([by_hour], terms).items[0]["amount_minor"] == 80 * 18_000


@pytest.mark.parametrize(
    ("task", "field"),
    [
        (a_task(10, "M3 hand-over", parent=4), "milestone"),
        (a_task(5, "M1 design accepted", parent=4, list_price=None), "list_price"),
    ],
)
def test_a_milestone_that_lacks_something_is_given_back(terms, task, field):
    (rejection,) = mapped_tasks([task], terms).rejections
    assert rejection.problems[0].field == field


def test_reference_objects_are_tied_to_the_contracts(terms):
    reference = reference_of(EMPLOYEES, works=works_of(terms), terms=terms)
    assert [person.name for person in reference.people] == ["Ana Diaz", "Bo Lindqvist", "Chen Wei"]
    assert reference.people[2].left_on == date(2026, 12, 31)
    assert {project.id: project.contract_id for project in reference.projects} == {
        "rollout": "acme-rollout",
        "launch": "bluewater-launch",
    }
    assert {task.id for task in reference.projects[0].tasks} >= {"tryton-task-2", "tryton-task-9"}
    assert reference.assignments == ()


def with_project(terms, name, **changed):
    project = terms.tryton.projects[name].model_copy(update=changed)
    projects = {**terms.tryton.projects, name: TrytonProject.model_validate(project)}
    section = terms.tryton.model_copy(update={"projects": projects})
    return terms.model_copy(update={"tryton": section})


def test_staff_named_in_the_terms_are_assigned_for_the_whole_period(terms):
    staffed = with_project(terms, "Acme T&M rollout", staff=("Chen Wei",))
    (assignment,) = reference_of(EMPLOYEES, works=works_of(terms), terms=staffed).assignments
    assert (assignment.person_id, assignment.project_id) == ("tryton-employee-3", "rollout")
    assert (assignment.start, assignment.end) == (date(2026, 1, 1), date(2027, 6, 30))


def test_a_manager_tryton_does_not_know_is_told(terms):
    unknown = with_project(terms, "Acme T&M rollout", manager="Nobody")
    with pytest.raises(UnmappedError, match="correct the name"):
        reference_of(EMPLOYEES, works=works_of(terms), terms=unknown)
