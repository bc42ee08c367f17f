"""T5: the rate is not the rate card's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, found_codes, rows_of
from tests.builders.contracts import SIGNED, clauses, contract, rate, reference
from tests.builders.items import MONDAY, entry, timesheet

T5 = ExceptionCode.RATE_MISMATCH
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.mark.parametrize(
    ("minutes", "rate_minor", "exposure_minor"),
    [
        (480, 12_000, None),  # as agreed
        (480, 12_500, 40_00),  # 8 h x 5.00 above: risk
        (480, 11_500, -40_00),  # 8 h x 5.00 below: leak
        (60, 12_001, 1),  # one cent above
        (1, 12_010, 0),  # 200.17 -> 200 billed, 200 due: a difference of rate without money
        (10, 12_010, 2),  # 2,001.67 -> 20.02 billed, 20.00 due
        (480, 0, -960_00),  # all of 8 h x 120.00 is not asked for
        (0, 99_999, None),  # nothing is billed
    ],
)
def test_difference_to_the_card_is_signed(minutes, rate_minor, exposure_minor):
    sheet = timesheet(entries=(entry(minutes_worked=minutes, hourly_rate_minor=rate_minor),))
    found = finding_of(T5, sheet)
    assert (found.exposure_minor if found else None) == exposure_minor


@pytest.mark.parametrize(
    ("day", "rate_minor", "exposure_minor"),
    [
        (MONDAY + timedelta(days=1), 12_000, None),  # the last day of the old rate
        (WEDNESDAY, 12_600, None),  # the first day of the new
        (WEDNESDAY, 12_000, -48_00),  # escalation missed: 8 h x 6.00
        (MONDAY, 12_600, 48_00),  # escalated too early
    ],
)
def test_rate_in_force_on_the_work_date_counts(day, rate_minor, exposure_minor):
    card = (
        rate(valid_to=WEDNESDAY - timedelta(days=1)),
        rate(valid_from=WEDNESDAY, hourly_rate_minor=12_600),
    )
    sheet = timesheet(entries=(entry(work_date=day, hourly_rate_minor=rate_minor),))
    found = finding_of(T5, sheet, under=reference(contract(rate_card=card)))
    assert (found.exposure_minor if found else None) == exposure_minor


@pytest.mark.parametrize(
    "card",
    [
        (),
        (rate(labor_category="architect"),),
        (rate(valid_to=MONDAY - timedelta(days=1)),),
        (rate(valid_from=WEDNESDAY),),
    ],
)
def test_work_without_an_agreed_rate_is_at_risk_in_full(card):
    sheet = timesheet(entries=(entry(),))
    found = finding_of(T5, sheet, under=reference(contract(rate_card=card)))
    assert rows_of(found) == {"E-1": 960_00}
    assert found.evidence[0].expected == "no rate agreed"
    assert found.severity is Severity.HIGH


def test_work_on_a_line_of_no_known_contract_has_no_agreed_rate():
    found = finding_of(T5, timesheet(contract_id="C-unknown"))
    assert found.exposure_minor == 4_800_00
    assert found.clause_id is None


def test_contract_without_a_rate_schedule_does_not_price_hours():
    terms = contract(clauses=clauses(without=[ClauseKind.RATE_SCHEDULE]), rate_card=())
    assert found_codes(timesheet(), under=reference(terms)) == []


def test_rate_of_work_before_the_schedule_takes_force_is_not_checked():
    terms = contract(rate_card=())
    sheet = timesheet(entries=(entry(work_date=SIGNED - timedelta(days=1)),))
    assert T5 not in found_codes(sheet, under=reference(terms))


def test_evidence_shows_both_rates():
    sheet = timesheet(entries=(entry(hourly_rate_minor=12_550, work_date=date(2026, 3, 3)),))
    row = finding_of(T5, sheet).evidence[0]
    assert (row.actual, row.expected) == ("125.50 EUR", "120.00 EUR")
