"""Redmine rows become items: whole weeks, closed versions, and nothing dropped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.schemas.batch import parse_items
from service.connectors.redmine_items import booked_time, milestones
from service.connectors.redmine_projects import Projects
from service.connectors.terms_file import read_terms
from tests.builders.redmine_rows import a_project, a_version, an_entry

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "redmine_terms.yaml"
ROWS = [
    a_project(1, "acme-rollout"),
    a_project(2, "acme-rollout-tests", parent=1),
    a_project(3, "bluewater-launch"),
    a_project(4, "office"),
    a_project(5, "somewhere-else"),
]
PEOPLE = {"Ana Diaz": "redmine-user-5", "Bo Lindqvist": "redmine-user-6"}


@pytest.fixture(scope="module")
def terms():
    return read_terms(SAMPLE)


@pytest.fixture(scope="module")
def projects(terms):
    return Projects(ROWS, terms=terms.redmine)


@pytest.fixture
def mapped(terms, projects):
    return lambda *entries: booked_time(entries, projects=projects, terms=terms)[1]


@pytest.fixture
def made(terms, projects):
    return lambda *rows: milestones(rows, projects=projects, terms=terms, people=PEOPLE)


def test_a_week_on_a_contract_line_is_one_timesheet_also_over_projects_below(mapped):
    found = mapped(an_entry(2, project=2), an_entry(1), an_entry(3, day="2026-11-22"))
    (sheet,) = found.items
    assert sheet["external_id"] == "user-5.2026-W47.acme-rollout-work"
    assert [entry["id"] for entry in sheet["entries"]] == [
        "redmine-entry-1", "redmine-entry-2", "redmine-entry-3",
    ]  # fmt: skip
    assert {entry["project_id"] for entry in sheet["entries"]} == {"rollout"}
    assert (found.accepted, found.ignored, found.rejections) == (3, 0, ())
    assert not parse_items(found.items).rejected


def test_another_week_and_another_person_are_other_timesheets(mapped):
    found = mapped(an_entry(1), an_entry(2, day="2026-11-23"), an_entry(3, user=6))
    assert len(found.items) == 3


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [("7.5", 450), ("0.25", 15), ("0.33", 20), ("0.01", 1), ("0", 0), ("23.99", 1_439)],
)
def test_hours_become_whole_minutes(mapped, hours, minutes):
    (entry,) = mapped(an_entry(1, hours=hours)).items[0]["entries"]
    assert (entry["minutes_worked"], entry["minutes_billable"]) == (minutes, minutes)


@pytest.mark.parametrize(("told", "billable"), [("1", 450), ("0", 0), ("", 450), (None, 450)])
def test_time_marked_as_not_billable_is_shown_and_not_billed(mapped, told, billable):
    field = {"id": 1, "name": "Billable", "value": told}
    (entry,) = mapped(an_entry(1, custom_fields=[field])).items[0]["entries"]
    assert (entry["minutes_worked"], entry["minutes_billable"]) == (450, billable)


def test_a_person_another_system_brings_keeps_that_id(terms, projects):
    section = terms.redmine.model_copy(update={"people": {
        "Ana Diaz": terms.redmine.person("Ana Diaz").model_copy(
            update={"person_id": "tryton-employee-1"}
        )
    }})  # fmt: skip
    here = terms.model_copy(update={"redmine": section})
    _, found = booked_time([an_entry(1)], projects=projects, terms=here)
    assert found.items[0]["person_id"] == "tryton-employee-1"


def test_every_row_is_accepted_ignored_or_given_back_with_the_reason(mapped):
    found = mapped(
        an_entry(1), an_entry(2, project=4), an_entry(3, project=3),
        an_entry(4, project=5), an_entry(5, project=99),
    )  # fmt: skip
    assert (found.accepted, found.ignored, len(found.rejections)) == (1, 2, 2)
    unmapped, unseen = (one.problems[0].reason for one in found.rejections)
    assert "redmine.projects" in unmapped
    assert "may read" in unseen


def test_a_closed_version_is_a_milestone_ready_to_bill_over_the_agreed_amount(made):
    (open_one, closed) = made(
        a_version(1, "M1 design accepted"), a_version(2, "M2 go-live", status="closed")
    ).items
    assert (open_one["is_ready_to_bill"], open_one["acceptance"]) == (False, [])
    assert closed["is_ready_to_bill"]
    assert closed["acceptance"][0]["at"] == "2026-10-30T12:00:00Z"
    assert (closed["amount_minor"], closed["due_on"]) == (1_500_000, "2026-10-31")
    assert closed["owner_id"] == "redmine-user-6"
    assert not parse_items([open_one, closed]).rejected


def test_a_version_without_an_amount_or_a_date_is_given_back(made):
    found = made(a_version(1, "M9 surprise"), a_version(2, "M2 go-live", due_date=None))
    assert [one.problems[0].field for one in found.rejections] == ["milestone", "due_date"]
    assert (found.items, found.ignored) == ((), 0)
