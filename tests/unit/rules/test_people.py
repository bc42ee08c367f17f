"""T9: work of a person who was not assigned."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, found_codes, rows_of
from tests.builders.contracts import assignment, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet

T9 = ExceptionCode.UNASSIGNED_RESOURCE
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
