"""T23: minutes in whole increments, rounded as agreed."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingIncrement, Rounding
from data.schemas.regions import BillingPractice, Region
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import change_order, clause, clauses, client, contract, reference
from tests.builders.items import entry, timesheet, week

T23 = ExceptionCode.BILLING_INCREMENT_VIOLATION


def _under(minutes: int, rounding: Rounding = Rounding.NEAREST, **overrides):
    terms = BillingIncrement(increment_minutes=minutes, rounding=rounding)
    return reference(contract(clauses=clauses(terms), **overrides))


def _exposure(worked: int, billed: int, *, under=None, reason: str = "") -> int | None:
    """The exposure at 120.00 an hour, 2.00 a minute; None without a finding."""
    row = entry(minutes_worked=worked, minutes_billable=billed, adjustment_reason=reason)
    found = finding_of(T23, timesheet(entries=(row,)), under=under)
    return None if found is None else found.exposure_minor


@pytest.mark.parametrize(
    ("rounding", "worked", "billed", "exposure_minor"),
    [
        (Rounding.NEAREST, 60, 60, None),
        (Rounding.NEAREST, 67, 60, None),
        (Rounding.NEAREST, 68, 75, None),  # 67.5 is the half: 68 goes up
        (Rounding.NEAREST, 67, 75, 30_00),  # 15 minutes too many
        (Rounding.NEAREST, 68, 60, -30_00),
        (Rounding.UP, 61, 75, None),
        (Rounding.UP, 60, 60, None),
        (Rounding.UP, 61, 60, -30_00),
        (Rounding.DOWN, 74, 60, None),
        (Rounding.DOWN, 74, 75, 30_00),
        (Rounding.NEAREST, 67, 67, 14_00),  # no multiple: 60 are due
        (Rounding.NEAREST, 68, 68, -14_00),  # 75 are due
        (Rounding.NEAREST, 7, 15, 30_00),  # 0 are due
        (Rounding.NEAREST, 480, 0, None),  # nothing is billed
    ],
)
def test_minutes_are_rounded_to_quarters_as_agreed(rounding, worked, billed, exposure_minor):
    assert _exposure(worked, billed, under=_under(15, rounding)) == exposure_minor


def test_half_an_increment_goes_up_to_the_nearest():
    assert _exposure(63, 66, under=_under(6)) is None
    assert _exposure(62, 60, under=_under(6)) is None
    assert _exposure(63, 60, under=_under(6)) == -12_00


@pytest.mark.parametrize(
    ("rounding", "billed", "exposure_minor"),
    [
        (Rounding.NEAREST, 30, None),  # less than worked, for a reason, in whole increments
        (Rounding.NEAREST, 37, 14_00),  # 30 are due: 7 minutes
        (Rounding.NEAREST, 38, -14_00),  # 45 are due
        (Rounding.UP, 31, -28_00),
        (Rounding.DOWN, 44, 28_00),
    ],
)
def test_reason_allows_other_minutes_in_whole_increments(rounding, billed, exposure_minor):
    under = _under(15, rounding)
    assert _exposure(60, billed, under=under, reason="Goodwill") == exposure_minor


@pytest.mark.parametrize("reason", ["", "Goodwill"])
def test_without_any_increment_no_more_is_billed_than_worked(reason):
    assert _exposure(60, 60, reason=reason) is None
    assert _exposure(60, 59, reason=reason) is None
    assert _exposure(60, 61, reason=reason) == 2_00


def test_increment_of_one_minute_is_an_increment():
    assert _exposure(60, 59, under=_under(1)) == -2_00
    assert _exposure(60, 59, under=_under(1), reason="Goodwill") is None


def test_client_practice_holds_where_the_contract_names_none():
    practice = BillingPractice(increment_minutes=30)
    under = reference(clients=[client(practice=practice)])
    sheet = timesheet(entries=(entry(minutes_worked=70, minutes_billable=70),))
    found = finding_of(T23, sheet, under=under)
    assert (found.clause_id, found.exposure_minor) == (None, 20_00)
    assert found.evidence[0].expected == "60 min: rounded to the nearest 30 min"


def test_region_of_the_client_holds_where_the_client_says_nothing():
    austria = Region(
        id="AT",
        name="Austria",
        country="AT",
        currency="EUR",
        zone="Europe/Vienna",
        calendar_id="AT",
        practice=BillingPractice(increment_minutes=30),
    )
    assert _exposure(70, 70, under=reference(regions=[austria])) == 20_00
    own = client(practice=BillingPractice(increment_minutes=10))
    assert _exposure(70, 70, under=reference(clients=[own], regions=[austria])) is None


def test_clause_outranks_the_client_practice():
    practice = BillingPractice(increment_minutes=30)
    terms = contract(clauses=clauses(BillingIncrement(increment_minutes=10)))
    under = reference(terms, clients=[client(practice=practice)])
    assert _exposure(70, 70, under=under) is None


def test_increment_of_a_change_order_holds_from_its_day():
    order = change_order(
        effective_on=date(2026, 3, 4),
        clauses=(clause(BillingIncrement(increment_minutes=60), id="CL-new"),),
    )
    under = _under(15, change_orders=(order,))
    sheet = timesheet(entries=week(minutes_worked=465))
    found = finding_of(T23, sheet, under=under)
    # 7.75 hours are 8 to the nearest hour: a quarter of an hour leaks from Wednesday on.
    assert rows_of(found) == {"TS-1-3": -30_00, "TS-1-4": -30_00, "TS-1-5": -30_00}
    assert (found.clause_id, found.severity) == ("CL-new", Severity.LOW)


def test_finding_says_what_was_billed_and_what_is_due():
    row = entry(minutes_worked=61, minutes_billable=61)
    under = _under(15, Rounding.UP)
    found = finding_of(T23, timesheet(entries=(row,)), under=under)
    assert found.clause_id == f"CL-{ClauseKind.BILLING_INCREMENT}"
    assert found.evidence[0].actual == "61 min billed of 61 min worked"
    assert found.evidence[0].expected == "75 min: rounded up to 15 min"


def test_money_of_both_sides_is_rounded_on_the_line():
    # 1.01 an hour: 67 min are 1.1278 -> 1.13, 60 min are 1.01.
    row = entry(minutes_worked=67, minutes_billable=67, hourly_rate_minor=1_01)
    found = finding_of(T23, timesheet(entries=(row,)), under=_under(15))
    assert found.exposure_minor == 12
