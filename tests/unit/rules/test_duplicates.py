"""T15: the same work recorded twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from tests.builders.checking import finding_of, findings, found_codes, rows_of
from tests.builders.items import MONDAY, at, entry, timesheet

T15 = ExceptionCode.DUPLICATE_TIME_ENTRY


def _twice(**changes):
    """An entry recorded at four in the afternoon, and the same again an hour later."""
    again = {"id": "E-2", "recorded_at": at(MONDAY, hour=17)} | changes
    return timesheet(
        entries=(entry(minutes_worked=120), entry(**({"minutes_worked": 120} | again)))
    )


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"narrative": "built the import  of supplier, INVOICES!"}, True),  # the same words
        ({"narrative": "Built the export of supplier invoices"}, False),
        ({"narrative": ""}, False),
        ({"minutes_worked": 121}, False),
        ({"task_id": "T-2"}, False),
        ({"project_id": "P-2"}, False),  # T-1 of another project is another task
        ({"work_date": MONDAY + timedelta(days=1)}, False),
        ({"minutes_billable": 0}, False),  # nothing is billed twice
        ({"labor_category": "architect"}, True),
    ],
)
def test_same_person_day_task_minutes_and_words_are_a_duplicate(changes, is_found):
    found = finding_of(T15, _twice(**changes))
    assert rows_of(found) == ({"E-2": 240_00} if is_found else {})


def test_two_entries_without_words_are_equal():
    sheet = timesheet(
        entries=(
            entry(narrative="", minutes_worked=120),
            entry(id="E-2", narrative="...", minutes_worked=120),
        )
    )
    assert rows_of(finding_of(T15, sheet)) == {"E-2": 240_00}


def test_later_recorded_entry_is_the_duplicate_whatever_its_id():
    sheet = timesheet(
        entries=(
            entry(id="E-1", minutes_worked=120, recorded_at=at(MONDAY, hour=18)),
            entry(id="E-2", minutes_worked=120, recorded_at=at(MONDAY, hour=17)),
        )
    )
    found = finding_of(T15, sheet)
    assert rows_of(found) == {"E-1": 240_00}
    assert found.evidence[0].actual == "repeats entry E-2"


def test_duplicate_may_stand_on_another_sheet():
    first = timesheet(external_id="TS-0", entries=(entry(id="E-1", minutes_worked=120),))
    again = entry(id="E-2", minutes_worked=120, recorded_at=at(MONDAY, hour=18))
    assert rows_of(finding_of(T15, timesheet(entries=(again,)), before=[first])) == {"E-2": 240_00}
    found = findings(timesheet(entries=(again,)), first)
    assert [one.code for one in found["test:TS-1"]] == [T15]
    assert found["test:TS-0"] == ()


def test_second_sheet_is_the_duplicate_even_if_it_was_recorded_earlier():
    assessed = timesheet(external_id="TS-0", entries=(entry(id="E-9", minutes_worked=120),))
    early = entry(id="E-1", minutes_worked=120, recorded_at=at(MONDAY, hour=7))
    found = finding_of(T15, timesheet(entries=(early,)), before=[assessed])
    assert rows_of(found) == {"E-1": 240_00}


def test_entry_handed_in_on_two_items_is_a_duplicate():
    sheet = timesheet(external_id="TS-0", entries=(entry(minutes_worked=120),))
    copy = timesheet(external_id="TS-1", entries=(entry(minutes_worked=120),))
    assert T15 in found_codes(copy, before=[sheet])


def test_newer_version_of_the_same_item_is_no_duplicate():
    sheet = timesheet()
    assert found_codes(sheet, before=[sheet]) == []


def test_third_copy_names_the_first():
    sheet = timesheet(
        entries=tuple(
            entry(id=f"E-{n}", minutes_worked=120, recorded_at=at(MONDAY, hour=12 + n))
            for n in (1, 2, 3)
        )
    )
    found = finding_of(T15, sheet)
    assert [(row.row_id, row.actual) for row in found.evidence] == [
        ("E-2", "repeats entry E-1"),
        ("E-3", "repeats entry E-1"),
    ]


def test_many_entries_of_one_kind_are_told_from_those_of_another():
    rows = [
        entry(
            id=f"E-{place:02}",
            minutes_worked=15,
            task_id=f"T-{place % 3}",
            narrative=f"Work {place % 5}",
        )
        for place in range(30)
    ]
    found = finding_of(T15, timesheet(entries=rows))
    # Fifteen pairs of task and words, each of them twice: the second half repeats the first.
    assert [row.row_id for row in found.evidence] == [f"E-{place:02}" for place in range(15, 30)]
    assert [row.actual for row in found.evidence] == [
        f"repeats entry E-{place:02}" for place in range(15)
    ]
