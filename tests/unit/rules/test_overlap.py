"""T14: a person in two places at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Timekeeping
from data.schemas.vocabulary import ClauseKind
from tests.builders.checking import finding_of, findings, rows_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet

T14 = ExceptionCode.OVERLAPPING_TIME


def _span(name: str, start_minute: int, end_minute: int, *, day=MONDAY, **overrides):
    """An entry between two minutes of a day."""
    midnight = at(day, hour=0)
    return entry(
        id=name,
        work_date=day,
        started_at=midnight + timedelta(minutes=start_minute),
        ended_at=midnight + timedelta(minutes=end_minute),
        **({"minutes_worked": 60, "narrative": f"Work of {name}"} | overrides),
    )


def _rows(*spans, **given) -> dict[str, int]:
    return rows_of(finding_of(T14, timesheet(entries=spans), **given))


@pytest.mark.parametrize(
    ("start", "end", "exposure_minor"),
    [
        (540, 600, None),  # nine to ten, right after eight to nine
        (420, 480, None),  # right before it
        (539, 599, 2_00),  # one minute x 120.00 an hour
        (421, 481, 2_00),
        (480, 540, 120_00),  # the same hour
        (500, 510, 20_00),  # inside it
        (400, 700, 120_00),  # around it: no more than what is billed
    ],
)
def test_minutes_that_an_earlier_entry_covers_are_priced(start, end, exposure_minor):
    found = _rows(_span("E-1", 480, 540), _span("E-2", start, end))
    assert found == ({} if exposure_minor is None else {"E-2": exposure_minor})


def test_begun_minute_counts_as_a_whole_one():
    late = at(MONDAY, hour=9) - timedelta(seconds=1)
    second = _span("E-2", 540, 600).model_copy(update={"started_at": late})
    assert _rows(_span("E-1", 480, 540), second) == {"E-2": 2_00}


def test_what_two_others_cover_together_counts_once():
    # 8:00 to 9:00 and 8:30 to 9:30 leave of 8:15 to 9:45 a quarter of an hour: 75 min x 2.00.
    found = _rows(
        _span("E-1", 480, 540),
        _span("E-2", 510, 570),
        _span("E-3", 495, 585, minutes_worked=90),
    )
    assert found == {"E-2": 60_00, "E-3": 150_00}


def test_only_billed_minutes_are_priced():
    found = _rows(_span("E-1", 480, 540), _span("E-2", 480, 540, minutes_billable=0))
    assert found == {"E-2": 0}


def test_entry_that_counts_later_is_found_whatever_its_place_on_the_sheet():
    early = _span("E-2", 480, 540, recorded_at=at(MONDAY, hour=10))
    late = _span("E-1", 480, 540, recorded_at=at(MONDAY, hour=11))
    found = finding_of(T14, timesheet(entries=(late, early)))
    assert [(row.row_id, row.actual) for row in found.evidence] == [
        ("E-1", "1 h of it also in entry E-2")
    ]


def test_time_accepted_before_counts_first_on_whichever_contract():
    elsewhere = timesheet(external_id="TS-0", entries=(_span("E-9", 510, 570),))
    elsewhere = elsewhere.model_copy(update={"contract_id": "C-2"})
    under = reference(contract(), contract(id="C-2"))
    sheet = timesheet(entries=(_span("E-1", 480, 540),))
    found = finding_of(T14, sheet, before=[elsewhere], under=under)
    assert rows_of(found) == {"E-1": 60_00}
    assert found.evidence[0].actual == "0 h 30 min of it also in entry E-9"


def test_another_person_at_the_same_time_is_no_overlap():
    other = timesheet(external_id="TS-0", person_id="bob", entries=(_span("E-9", 480, 540),))
    sheet = timesheet(entries=(_span("E-1", 480, 540),))
    assert finding_of(T14, sheet, before=[other]) is None
    assert T14 not in {one.code for one in findings(sheet, other)["test:TS-1"]}


@pytest.mark.parametrize(("days", "is_found"), [(0, True), (1, True), (-1, True), (2, False)])
def test_neighbouring_work_days_are_looked_at_and_no_others(days, is_found):
    # The night shift of Monday runs on to Tuesday's date; the same hours, booked on another day.
    night = _span("E-1", 1_380, 1_500)
    again = _span("E-2", 1_380, 1_500).model_copy(
        update={"work_date": MONDAY + timedelta(days=days)}
    )
    before = timesheet(external_id="TS-0", entries=(night,))
    found = finding_of(T14, timesheet(entries=(again,)), before=[before])
    assert (found is not None) == is_found


def test_entries_without_times_never_overlap():
    untimed = entry(id="E-1", minutes_worked=60), entry(id="E-2", task_id="T-2", minutes_worked=60)
    assert _rows(*untimed) == {}
    assert _rows(_span("E-1", 480, 540), untimed[1]) == {}


def test_newer_version_of_a_sheet_does_not_overlap_the_older():
    sheet = timesheet(entries=(_span("E-1", 480, 540),))
    assert finding_of(T14, sheet, before=[sheet]) is None


def test_overlap_needs_no_clause_and_cites_timekeeping_where_it_was_agreed():
    sheet = timesheet(entries=(_span("E-1", 480, 540), _span("E-2", 480, 540)))
    agreed = reference(contract(clauses=clauses(Timekeeping())))
    assert finding_of(T14, sheet).clause_id is None
    assert finding_of(T14, sheet, under=agreed).clause_id == f"CL-{ClauseKind.TIMEKEEPING}"
