"""T11 hours of a day, T15 duplicates, T16 late submission."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import TimelyBilling
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, findings, found_codes, rows_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet

T11 = ExceptionCode.DAILY_HOURS_EXCEEDED
T15 = ExceptionCode.DUPLICATE_TIME_ENTRY
T16 = ExceptionCode.LATE_TIME_SUBMISSION


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


def _submitted(moment: datetime, *, zone: str = "Europe/Vienna"):
    return timesheet(entries=(entry(),), submitted_at=moment, zone=zone)


@pytest.mark.parametrize(
    ("moment", "zone", "exposure_minor"),
    [
        # Fourteen days are agreed. 16 March is day 14: in time to the last minute in Vienna.
        (datetime(2026, 3, 16, 22, 59, tzinfo=UTC), "Europe/Vienna", None),
        # 17 March, 00:00 in Vienna is day 15: 960.00 x 0.08 x 15 / 365 = 3.1562.
        (datetime(2026, 3, 16, 23, 0, tzinfo=UTC), "Europe/Vienna", -3_16),
        # The same moment is still 16 March in New York, and long since the 17th in Auckland.
        (datetime(2026, 3, 16, 23, 0, tzinfo=UTC), "America/New_York", None),
        (datetime(2026, 3, 16, 12, 0, tzinfo=UTC), "Pacific/Auckland", -3_16),
        # 73 days: 960.00 x 0.08 x 73 / 365 = 15.36.
        (datetime(2026, 5, 14, 12, 0, tzinfo=UTC), "Europe/Vienna", -15_36),
    ],
)
def test_days_are_counted_on_the_local_calendar(moment, zone, exposure_minor):
    found = finding_of(T16, _submitted(moment, zone=zone))
    assert (found.exposure_minor if found else None) == exposure_minor


def test_late_time_costs_the_price_of_waiting_rounded_half_up():
    # 3.65 x 0.50 x 15 / 365 = 0.075 -> 0.08
    terms = TimelyBilling(late_days=14, annual_cost_of_capital=0.5)
    under = reference(contract(clauses=clauses(terms)))
    sheet = timesheet(
        entries=(entry(minutes_worked=60, hourly_rate_minor=365),),
        submitted_at=datetime(2026, 3, 17, 12, tzinfo=UTC),
    )
    found = finding_of(T16, sheet, under=under)
    assert (found.exposure_minor, found.severity) == (-8, Severity.MEDIUM)


def test_forfeit_time_leaks_its_amount_and_is_critical():
    terms = TimelyBilling(late_days=14, is_forfeit_when_late=True)
    under = reference(contract(clauses=clauses(terms)))
    found = finding_of(T16, _submitted(datetime(2026, 3, 17, 12, tzinfo=UTC)), under=under)
    assert (found.exposure_minor, found.severity) == (-960_00, Severity.CRITICAL)
    assert found.evidence[0].actual == "submitted 15 days after the work"
    assert found.evidence[0].expected == "within 14 days"


def test_only_the_late_days_of_a_sheet_are_found():
    sheet = timesheet(submitted_at=datetime(2026, 3, 18, 12, tzinfo=UTC))
    # Monday 2 March is 16 days before the 18th, Tuesday 15, Wednesday 14.
    assert list(rows_of(finding_of(T16, sheet))) == ["TS-1-1", "TS-1-2"]
