"""T11: hours of a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet

T11 = ExceptionCode.DAILY_HOURS_EXCEEDED


def _day(name: str, minutes: int, *, hour: int = 17, **overrides):
    """One Monday of Ada, submitted at an hour of that day."""
    return timesheet(
        external_id=name,
        submitted_at=at(MONDAY, hour=hour),
        entries=(
            entry(id=f"E-{name}", minutes_worked=minutes, narrative=f"Work of {name}", **overrides),
        ),
    )


@pytest.mark.parametrize(
    ("before", "minutes", "exposure_minor"),
    [
        (0, 600, None),  # the limit of ten hours exactly met
        (0, 601, 2_00),  # one minute x 120.00
        (300, 300, None),
        (300, 301, 2_00),
        (600, 30, 60_00),  # all of it: 0.5 h x 120.00
        (660, 30, 60_00),  # no more than its own minutes
    ],
)
def test_minutes_beyond_the_day_are_priced(before, minutes, exposure_minor):
    earlier = [_day("0", before, hour=9)] if before else []
    found = finding_of(T11, _day("1", minutes), before=earlier)
    assert (found.exposure_minor if found else None) == exposure_minor


def test_what_is_over_belongs_to_the_entries_that_count_later():
    sheet = timesheet(
        entries=(
            entry(id="E-1", minutes_worked=400),
            entry(id="E-2", minutes_worked=180, task_id="T-2"),
            entry(id="E-3", minutes_worked=80, narrative="Called the client"),
        )
    )
    # 400 + 180 + 80 = 660: 60 over, all on the third entry, 60 x 2.00.
    assert rows_of(finding_of(T11, sheet)) == {"E-3": 120_00}


def test_sheet_submitted_first_but_accepted_later_bears_what_is_over():
    # 480 are accepted; 480 + 480 = 960, so 360 are over, 360 x 2.00.
    accepted = _day("0", 480, hour=17)
    assert finding_of(T11, _day("1", 480, hour=9), before=[accepted]).exposure_minor == 720_00


def test_days_of_other_people_and_other_days_do_not_count():
    bob = timesheet(external_id="TS-0", person_id="bob", entries=(entry(id="E-0"),))
    tuesday = timesheet(
        external_id="TS-2", entries=(entry(id="E-9", work_date=MONDAY + timedelta(days=1)),)
    )
    assert finding_of(T11, _day("1", 600), before=[bob, tuesday]) is None


def test_work_on_other_contracts_counts_on_the_same_day():
    other = contract(id="C-2")
    elsewhere = _day("0", 300, hour=9).model_copy(update={"contract_id": "C-2"})
    under = reference(contract(), other)
    found = finding_of(T11, _day("1", 301), before=[elsewhere], under=under)
    assert found.exposure_minor == 2_00


def test_more_than_a_day_has_is_critical_even_without_a_clause():
    terms = contract(clauses=clauses(without=[ClauseKind.WORKING_TIME]))
    under = reference(terms)
    full = _day("0", 1_440, hour=9)
    assert finding_of(T11, full, under=under) is None
    found = finding_of(T11, _day("1", 30), before=[full], under=under)
    assert (found.severity, found.clause_id, found.exposure_minor) == (
        Severity.CRITICAL,
        None,
        60_00,
    )


def test_over_the_clause_but_not_over_the_day_is_high():
    assert finding_of(T11, _day("1", 700)).severity is Severity.HIGH


def test_only_billed_minutes_are_priced():
    # 720 worked, 60 of them billed, 120 over: 60 x 2.00.
    found = finding_of(T11, _day("1", 720, minutes_billable=60))
    assert found.exposure_minor == 120_00
