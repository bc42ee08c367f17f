"""T8, T9 and T10: work of a person not approved, not assigned, or beyond the planned effort."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ApprovedPerson, KeyPersonnel, StaffingPlan
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, found_codes, rows_of
from tests.builders.contracts import (
    START,
    assignment,
    change_order,
    clause,
    clauses,
    contract,
    reference,
)
from tests.builders.items import MONDAY, entry, timesheet

T8 = ExceptionCode.KEY_PERSONNEL_SUBSTITUTION
T9 = ExceptionCode.UNASSIGNED_RESOURCE
T10 = ExceptionCode.ASSIGNMENT_EFFORT_EXCEEDED
TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)


def _uncovered(*places, **overrides) -> list[int]:
    """Which of the five days are found, for the default week."""
    found = finding_of(T9, timesheet(**overrides), under=reference(assignments=places))
    return [int(row.removeprefix("TS-1-")) for row in rows_of(found)]


@pytest.mark.parametrize(
    ("places", "days"),
    [
        ([assignment()], []),
        ([], [1, 2, 3, 4, 5]),
        ([assignment(start=TUESDAY, end=THURSDAY)], [1, 5]),  # both ends are inside
        ([assignment(start=TUESDAY, end=THURSDAY, task_id="T-1")], [1, 5]),
        ([assignment(task_id="T-2")], [1, 2, 3, 4, 5]),  # another task
        ([assignment(person_id="bob")], [1, 2, 3, 4, 5]),
        ([assignment(project_id="P-2")], [1, 2, 3, 4, 5]),
        # Two places that meet cover the week; one day between them does not.
        ([assignment(end=TUESDAY), assignment(id="A-2", start=TUESDAY + timedelta(days=1))], []),
        ([assignment(end=TUESDAY), assignment(id="A-2", start=THURSDAY)], [3]),
    ],
)
def test_each_day_needs_a_place_on_the_project_or_the_task(places, days):
    assert _uncovered(*places) == days


def test_amount_of_each_uncovered_entry_is_at_risk():
    under = reference(assignments=[assignment(end=THURSDAY)])
    found = finding_of(T9, timesheet(), under=under)
    assert found.severity is Severity.MEDIUM
    assert rows_of(found) == {"TS-1-5": 960_00}
    assert found.evidence[0].actual == "no assignment on 2026-03-06"


def test_without_a_staffing_plan_nobody_needs_a_place():
    terms = contract(clauses=clauses(without=[ClauseKind.STAFFING_PLAN]))
    assert found_codes(timesheet(), under=reference(terms, assignments=[])) == []


def test_person_and_project_nobody_has_heard_of_are_not_assigned():
    sheet = timesheet(person_id="eve", entries=(entry(project_id="P-9"),))
    assert T9 in found_codes(sheet)


def _substituted(*approved, entries=None):
    terms = contract(clauses=clauses(KeyPersonnel(approved=approved)))
    sheet = timesheet(entries=entries) if entries else timesheet()
    return finding_of(T8, sheet, under=reference(terms))


@pytest.mark.parametrize(
    ("approved", "days"),
    [
        ([ApprovedPerson(person_id="ada", start=START)], []),
        ([], [1, 2, 3, 4, 5]),
        ([ApprovedPerson(person_id="bob", start=START)], [1, 2, 3, 4, 5]),
        ([ApprovedPerson(person_id="ada", start=TUESDAY, end=THURSDAY)], [1, 5]),  # both inside
        (
            [
                ApprovedPerson(person_id="ada", start=START, end=TUESDAY),
                ApprovedPerson(person_id="ada", start=THURSDAY),
            ],
            [3],
        ),
    ],
)
def test_each_day_needs_the_person_on_the_list(approved, days):
    found = _substituted(*approved)
    assert [int(row.removeprefix("TS-1-")) for row in rows_of(found)] == days


def test_amount_of_a_substitute_is_at_risk():
    found = _substituted(ApprovedPerson(person_id="bob", start=START))
    assert (found.exposure_minor, found.severity) == (4_800_00, Severity.HIGH)
    assert found.evidence[0].actual == "ada on 2026-03-02"


def test_substitute_who_is_not_billed_is_no_violation():
    assert _substituted(entries=(entry(minutes_billable=0),)) is None


def test_list_restated_by_a_change_order_holds_from_its_day():
    order = change_order(
        effective_on=TUESDAY,
        clauses=(clause(KeyPersonnel(approved=()), id="CL-restated"),),
    )
    first = KeyPersonnel(approved=(ApprovedPerson(person_id="ada", start=START),))
    under = reference(contract(clauses=clauses(first), change_orders=(order,)))
    found = finding_of(T8, timesheet(), under=under)
    assert found.clause_id == "CL-restated"
    assert list(rows_of(found)) == ["TS-1-2", "TS-1-3", "TS-1-4", "TS-1-5"]


def _beyond(*places, tolerance=0.0, before=(), **overrides):
    terms = contract(clauses=clauses(StaffingPlan(effort_tolerance=tolerance)))
    under = reference(terms, assignments=places)
    return finding_of(T10, timesheet(**overrides), under=under, before=before)


@pytest.mark.parametrize(
    ("hours", "tolerance", "exposures"),
    [
        (40, 0.0, {}),  # five days of eight hours are the plan
        (39, 0.0, {"TS-1-5": 120_00}),  # one hour at 120.00
        (31, 0.0, {"TS-1-4": 120_00, "TS-1-5": 960_00}),
        (38, 0.05, {"TS-1-5": 12_00}),  # 38 h x 1.05 = 39.9 h: six minutes over
        (32, 0.25, {}),  # 32 h x 1.25 = 40 h
        (0, 1.0, {f"TS-1-{day}": 960_00 for day in range(1, 6)}),
    ],
)
def test_effort_counts_up_to_the_plan_and_its_tolerance(hours, tolerance, exposures):
    place = assignment(task_id="T-1", planned_minutes=hours * 60)
    assert rows_of(_beyond(place, tolerance=tolerance)) == exposures


def test_limit_is_rounded_down_and_exact():
    # 100 min x 1.15 is 115 min, which binary fractions make 114.99...
    place = assignment(planned_minutes=100)
    fits = (entry(minutes_worked=115),)
    above = (entry(minutes_worked=116),)
    assert _beyond(place, tolerance=0.15, entries=fits) is None
    assert rows_of(_beyond(place, tolerance=0.15, entries=above)) == {"E-1": 2_00}


def test_plans_of_several_stays_add_up():
    first = assignment(planned_minutes=20 * 60, end=TUESDAY)
    second = assignment(id="A-2", planned_minutes=19 * 60, start=THURSDAY)
    assert rows_of(_beyond(first, second)) == {"TS-1-5": 120_00}


def test_plan_of_the_task_outranks_that_of_the_project():
    of_project = assignment(planned_minutes=60)
    of_task = assignment(id="A-2", task_id="T-1", planned_minutes=40 * 60)
    assert _beyond(of_project, of_task) is None


def test_plan_of_a_project_counts_every_task():
    place = assignment(planned_minutes=8 * 60)
    entries = (entry(minutes_worked=300), entry(id="E-2", task_id="T-2", minutes_worked=240))
    found = _beyond(place, entries=entries)
    assert rows_of(found) == {"E-2": 120_00}
    assert found.evidence[0].actual == "9 h on the project with this entry"
    assert found.evidence[0].expected == "at most 8 h, of 8 h planned"


def test_stay_without_a_plan_limits_nothing():
    assert _beyond(assignment()) is None


def test_effort_of_items_accepted_before_counts_first():
    place = assignment(task_id="T-1", planned_minutes=41 * 60)
    earlier = timesheet(
        external_id="TS-0", entries=(entry(id="E-0", work_date=THURSDAY + timedelta(days=30)),)
    )
    assert rows_of(_beyond(place, before=[earlier])) == {"TS-1-5": 840_00}  # 48 h of 41 h


def test_only_billable_minutes_beyond_the_plan_are_at_risk():
    place = assignment(planned_minutes=60)
    found = _beyond(place, entries=(entry(minutes_worked=480, minutes_billable=30),))
    assert (rows_of(found), found.severity) == ({"E-1": 60_00}, Severity.MEDIUM)
