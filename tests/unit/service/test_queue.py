"""Which case comes first: net value per minute, capped, ties by age."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import Lane, Proof
from service.domain.queue import (
    REVIEWER_ERROR,
    SHORTEST_MINUTES,
    doubt,
    has_effect,
    in_order,
    measured_error,
    review_error,
    review_minutes,
    value_minor,
    worth_now,
)
from service.ports.stores import StoredItem
from tests.builders.items import milestone, timesheet
from tests.builders.service import case
from tests.fakes.clock import MONDAY_MORNING, CountingIds
from tests.fakes.scorer import FakeScorer, finding

CAP = {"cap_major": 250_000}


def _said(**fields):
    scorer, item = FakeScorer(), timesheet()
    scorer.says(item.item_id, **fields)
    stored = StoredItem(seq=1, item=item, sha256="0" * 64, client_id="acme",
                        received_at=MONDAY_MORNING)  # fmt: skip
    return scorer.assess([stored], now=MONDAY_MORNING, ids=CountingIds())[0]


@pytest.mark.parametrize(
    ("value_minor", "doubt", "minutes", "expected"),
    [
        (1_000_00, 0.55, 2.0, 250.0),  # 1000 x (0.55 - 0.05) / 2
        (1_000_00, 0.05, 2.0, 0.0),  # as often wrong as the reviewer: worth nothing
        (1_000_00, 0.0, 2.0, -25.0),  # 1000 x (0 - 0.05) / 2: looking would cost money
    ],
)
def test_net_value_per_minute(value_minor, doubt, minutes, expected):
    one = case(value_minor=value_minor, doubt=doubt, review_minutes=minutes)
    assert one.worth == pytest.approx(expected)


def test_currencies_are_compared_in_major_units():
    yen = case(id="C-000001", currency="JPY", value_minor=1_000)
    euro = case(id="C-000002", currency="EUR", value_minor=1_000_00)
    assert yen.worth == euro.worth


def test_a_small_sure_case_goes_before_a_large_unlikely_one():
    sure = case(id="C-000001", value_minor=500_00, doubt=1.0, review_minutes=1.0)  # 475 a minute
    unlikely = case(id="C-000002", value_minor=9_000_00, doubt=0.1)  # 225 a minute
    assert in_order([unlikely, sure]) == [sure, unlikely]


def test_the_older_case_wins_a_tie_and_then_the_lower_number():
    first = case(id="C-000002")
    second = case(id="C-000001", opened_at=MONDAY_MORNING + timedelta(seconds=1))
    third = case(id="C-000003", opened_at=MONDAY_MORNING + timedelta(seconds=1))
    assert in_order([third, second, first]) == [first, second, third]


def test_a_typing_error_owns_no_queue():
    typo = value_minor(_said(risk_minor=10**13, findings=(finding(),)), cap_major=250_000)
    assert typo == 250_000_00


def test_a_lower_cap_holds_for_cases_opened_under_a_higher_one():
    one = case(value_minor=250_000_00, doubt=0.5, review_minutes=1.0)
    assert worth_now(one, error=0.0, cap_major=100) == pytest.approx(50.0)


def test_value_is_the_exposure_after_a_rule_and_else_the_whole_amount():
    assert value_minor(_said(risk_minor=300, leak_minor=200, findings=(finding(),)), **CAP) == 500
    suspected = _said(risk_minor=300, findings=(finding(proof=Proof.MODEL),))
    assert value_minor(suspected, **CAP) == timesheet().amount_minor  # the doubt weighs it once


def test_a_rule_leaves_no_doubt_and_no_model_leaves_half():
    assert doubt(_said(findings=(finding(),), violation_probability=0.1)) == 1.0
    suspicion = finding(proof=Proof.MODEL, probability=0.3)
    assert doubt(_said(findings=(suspicion,), violation_probability=0.1)) == 0.3
    assert doubt(_said(findings=(suspicion,), violation_probability=0.7)) == 0.7
    assert doubt(_said(findings=(), violation_probability=0.1)) == 0.1
    assert doubt(_said(violation_probability=None)) == 0.5


def test_expected_minutes_grow_with_findings_and_rows():
    # 1 + 0.6 x 2 findings + 0.05 x 5 entries; a milestone is one row.
    said = _said(findings=(finding(), finding()))
    assert review_minutes(said, timesheet()) == pytest.approx(2.45)
    assert review_minutes(_said(), milestone()) == pytest.approx(1.05)


def test_what_models_expect_of_a_review_replaces_the_guess():
    item = timesheet()
    guessed, measured = _said(), _said(review_minutes=7.5, review_error=0.2)
    assert review_minutes(measured, item) == 7.5
    assert review_minutes(_said(review_minutes=0.01), item) == SHORTEST_MINUTES
    assert review_minutes(guessed, item) == 1.25  # 1.0 + 0.05 x 5 rows
    assert (review_error(measured), review_error(guessed)) == (0.2, REVIEWER_ERROR)


def test_where_reviewers_err_often_a_case_is_worth_less_of_their_time():
    sure, unsure = case(review_error=0.05), case(review_error=0.25)
    assert sure.worth == pytest.approx(225.0)  # 1000 x (0.50 - 0.05) / 2
    assert unsure.worth == pytest.approx(125.0)  # 1000 x (0.50 - 0.25) / 2


def test_the_error_of_reviewers_moves_from_the_expected_to_the_measured_one():
    assert measured_error(0.05, wrong=0, known=0) == pytest.approx(0.05)
    assert measured_error(0.05, wrong=4, known=20) == pytest.approx(0.125)  # (1 + 4) / 40
    assert measured_error(0.05, wrong=200, known=1_000) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("lane", Lane)
def test_only_repeats_have_no_effect(lane):
    assert has_effect(case(lane=lane)) == (lane not in {Lane.DOUBLE, Lane.GOLD})
