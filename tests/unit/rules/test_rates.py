"""T5 and T7: the rate is not the rate card's, or still that of the version before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Escalation
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, found_codes, rows_of
from tests.builders.contracts import (
    SIGNED,
    change_order,
    clause,
    clauses,
    contract,
    rate,
    reference,
)
from tests.builders.items import MONDAY, entry, timesheet

T5 = ExceptionCode.RATE_MISMATCH
T7 = ExceptionCode.RATE_ESCALATION_MISSED
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


VIENNA_CARD = (
    rate(),
    rate(location="vienna", hourly_rate_minor=13_000),
    rate(location="graz", hourly_rate_minor=11_000, valid_from=WEDNESDAY),
)


@pytest.mark.parametrize(
    ("day", "location", "card_minor"),
    [
        (MONDAY, None, 12_000),
        (MONDAY, "vienna", 13_000),
        (MONDAY, "linz", 12_000),  # no rate of its own: that for everywhere
        (MONDAY, "graz", 12_000),  # its own takes force on Wednesday
        (WEDNESDAY, "graz", 11_000),
    ],
)
def test_rate_of_the_place_outranks_the_one_for_everywhere(day, location, card_minor):
    under = reference(contract(rate_card=VIENNA_CARD))
    sheet = timesheet(entries=(entry(work_date=day, location=location, hourly_rate_minor=15_000),))
    # 8 h at the difference to 150.00
    assert finding_of(T5, sheet, under=under).exposure_minor == 8 * (15_000 - card_minor)


def test_place_with_a_rate_elsewhere_only_has_no_agreed_rate():
    under = reference(contract(rate_card=(rate(location="vienna"),)))
    sheet = timesheet(entries=(entry(location="graz"),))
    assert finding_of(T5, sheet, under=under).evidence[0].expected == "no rate agreed"


ESCALATED = (
    rate(valid_to=WEDNESDAY - timedelta(days=1)),
    rate(valid_from=WEDNESDAY, hourly_rate_minor=12_600),
)


def _missed(*, day=WEDNESDAY, card=ESCALATED, under=None, **overrides):
    terms = contract(clauses=clauses(Escalation()), rate_card=card)
    sheet = timesheet(entries=(entry(work_date=day, **overrides),))
    return finding_of(T7, sheet, under=under or reference(terms))


@pytest.mark.parametrize(
    ("day", "rate_minor", "exposure_minor"),
    [
        (WEDNESDAY, 12_000, -48_00),  # 8 h x 6.00 not billed
        (WEDNESDAY, 12_600, None),  # escalated
        (WEDNESDAY, 12_300, None),  # wrong, and not by a missed escalation
        (WEDNESDAY - timedelta(days=1), 12_000, None),  # the last day before
        (WEDNESDAY - timedelta(days=1), 12_600, None),
    ],
)
def test_only_the_rate_of_the_version_before_is_a_missed_escalation(
    day, rate_minor, exposure_minor
):
    found = _missed(day=day, hourly_rate_minor=rate_minor)
    assert (found.exposure_minor if found else None) == exposure_minor


def test_lower_rate_missed_is_at_risk():
    card = (rate(), rate(valid_from=WEDNESDAY, hourly_rate_minor=11_400))
    found = _missed(card=card)
    assert (found.exposure_minor, found.severity) == (48_00, Severity.MEDIUM)
    assert (found.evidence[0].actual, found.evidence[0].expected) == (
        "120.00 EUR, the rate before",
        "114.00 EUR",
    )


def test_missed_escalation_is_a_wrong_rate_too():
    terms = contract(clauses=clauses(Escalation()), rate_card=ESCALATED)
    sheet = timesheet(entries=(entry(work_date=WEDNESDAY),))
    assert found_codes(sheet, under=reference(terms)) == [T5, T7]


@pytest.mark.parametrize(
    "card",
    [
        (rate(valid_from=WEDNESDAY),),  # the first version
        # A gap of one day: nothing held on the eve.
        (
            rate(valid_to=WEDNESDAY - timedelta(days=2)),
            rate(valid_from=WEDNESDAY, hourly_rate_minor=12_600),
        ),
        # The version before is another category's, or another place's.
        (rate(labor_category="architect"), rate(valid_from=WEDNESDAY, hourly_rate_minor=12_600)),
        (rate(location="vienna"), rate(valid_from=WEDNESDAY, hourly_rate_minor=12_600)),
        # The rate was renewed as it stood.
        (rate(), rate(valid_from=WEDNESDAY)),
    ],
)
def test_without_another_rate_on_the_eve_nothing_was_missed(card):
    assert _missed(card=card) is None


def test_place_escalates_on_its_own():
    card = (
        rate(),
        rate(location="vienna", hourly_rate_minor=13_000),
        rate(location="vienna", hourly_rate_minor=13_500, valid_from=WEDNESDAY),
    )
    found = _missed(card=card, location="vienna", hourly_rate_minor=13_000)
    assert found.exposure_minor == -40_00  # 8 h x 5.00
    assert _missed(card=card, hourly_rate_minor=13_000) is None


def test_escalation_counts_from_the_change_order_that_agrees_on_it():
    order = change_order(effective_on=WEDNESDAY, clauses=(clause(Escalation()),))
    card = (rate(), rate(valid_from=MONDAY, hourly_rate_minor=12_600))
    under = reference(contract(rate_card=card, change_orders=(order,)))
    assert _missed(under=under).exposure_minor == -48_00
    assert _missed(under=under, day=WEDNESDAY - timedelta(days=1)) is None


def test_nothing_is_missed_where_nothing_is_billed():
    assert _missed(minutes_billable=0) is None
