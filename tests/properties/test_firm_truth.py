"""The probabilities of the generated truth: what was drawn came out as often as it was likely."""

from collections import Counter

import numpy as np
import pytest

from data.firm.generate import generate_firm
from data.firm.records import FaultKind, FirmSize
from data.schemas.items import Timesheet
from data.schemas.questions import ASKED, Question, questions_for

PARTS = 10
STANDARD_DEVIATIONS = 4.0
"""Fifteen questions in ten parts: a true firm goes beyond this once in a hundred firms."""
FEWEST_POSITIVES = 5


@pytest.fixture(scope="module")
def firm():
    return generate_firm(FirmSize(people=150, clients=40, contracts=80, months=5, seed=12))


def drawn(firm, question):
    """Probability and answer of everything the question is asked of."""
    truths = [one for one in firm.truth.values() if question in one.probabilities]
    probabilities = np.array([one.probabilities[question] for one in truths])
    return probabilities, np.array([one.answers[question] for one in truths])


def parts_out_of_line(probabilities, answers):
    """The tenths by probability in which too many or too few came true."""
    order = np.argsort(probabilities, kind="stable")
    found = []
    for part, rows in enumerate(np.array_split(order, PARTS)):
        expected = probabilities[rows].sum()
        spread = np.sqrt((probabilities[rows] * (1 - probabilities[rows])).sum())
        if abs(answers[rows].sum() - expected) > STANDARD_DEVIATIONS * spread + 1:
            found.append(part)
    return found


@pytest.mark.parametrize("question", list(Question))
def test_answers_follow_their_probability_in_every_tenth(firm, question):
    probabilities, answers = drawn(firm, question)
    assert parts_out_of_line(probabilities, answers) == []
    assert answers.sum() >= FEWEST_POSITIVES


def test_a_probability_that_says_half_of_what_happens_is_found(firm):
    probabilities, answers = drawn(firm, Question.MISSED_CUT_OFF)
    assert parts_out_of_line(probabilities / 2, answers)


def test_every_item_is_asked_the_questions_of_its_kind_and_no_others(firm):
    for one in firm.submissions:
        truth = firm.truth[one.item.item_id]
        asked = set(questions_for(one.item.kind))
        assert set(truth.probabilities) == set(truth.answers) == asked


def test_hidden_answers_are_the_faults_that_are_told(firm):
    for truth in firm.truth.values():
        kinds = {fault.code for fault in truth.faults if isinstance(fault.code, FaultKind)}
        told = {kind.question for kind in kinds if kind.question is not None}
        asked = {one for one in truth.answers if ASKED[one].is_hidden_fault}
        assert {one for one in asked if truth.answers[one]} == told
        assert truth.answers[Question.ANY_FAULT] == bool(kinds)


def test_any_fault_is_at_least_as_likely_as_each_kind(firm):
    for truth in firm.truth.values():
        any_fault = truth.probabilities[Question.ANY_FAULT]
        for question, probability in truth.probabilities.items():
            if ASKED[question].is_hidden_fault:
                assert any_fault >= probability - 1e-12


def test_some_sheets_bear_several_hidden_faults(firm):
    counts = Counter(
        sum(fault.is_hidden for fault in truth.faults) for truth in firm.truth.values()
    )
    assert counts[2] + counts[3] >= 10


@pytest.mark.parametrize(
    ("question", "low", "high"),
    [
        (Question.MISCODED_PROJECT, 0.02, 0.04),
        (Question.DUPLICATE_TIME, 0.01, 0.03),
        (Question.NARRATIVE_INSUFFICIENT, 0.01, 0.03),
        (Question.BLOCK_BILLING, 0.01, 0.03),
        (Question.NONBILLABLE_ACTIVITY, 0.01, 0.03),
        (Question.OUT_OF_SCOPE, 0.01, 0.03),
        (Question.DUPLICATE_EXPENSE, 0.01, 0.05),
        (Question.WRITE_OFF, 0.05, 0.11),
        (Question.MISSED_CUT_OFF, 0.14, 0.21),
    ],
)
def test_base_rates_are_those_of_the_field(firm, question, low, high):
    probabilities, _ = drawn(firm, question)
    assert low <= probabilities.mean() <= high


def test_two_to_four_percent_of_items_are_disputed(firm):
    disputed = [
        any(answer for one, answer in truth.answers.items() if ASKED[one].reason is not None)
        for truth in firm.truth.values()
    ]
    assert 0.015 <= np.mean(disputed) <= 0.045


def test_four_to_six_percent_of_the_value_is_written_off(firm):
    right = sum(truth.correct_minor for truth in firm.truth.values())
    assert 0.03 <= sum(one.amount_minor for one in firm.write_offs) / right <= 0.07


def test_disputes_are_at_least_twice_as_common_on_sheets_with_narrative_or_order_trouble(firm):
    questions = [one for one in Question if ASKED[one].reason is not None]
    likely = {True: [], False: []}
    for one in firm.submissions:
        if isinstance(one.item, Timesheet):
            truth = firm.truth[one.item.item_id]
            contract = firm.reference.contracts[one.item.contract_id]
            line = next(line for line in contract.lines if line.id == one.item.line_id)
            client = firm.reference.clients[contract.client_id]
            is_without_order = client.purchase_order_required and line.purchase_order is None
            is_vague = truth.answers[Question.NARRATIVE_INSUFFICIENT]
            chance = sum(truth.probabilities[question] for question in questions)
            likely[is_without_order or is_vague].append(chance)
    assert np.mean(likely[True]) >= 2 * np.mean(likely[False])


@pytest.mark.parametrize(
    "question",
    [
        one
        for one in Question
        if ASKED[one].is_hidden_fault and one is not Question.DUPLICATE_EXPENSE
    ],
)
def test_signs_are_sharp_enough_to_learn_and_too_weak_to_be_a_rule(firm, question):
    probabilities, answers = drawn(firm, question)
    # The precision among as many items as there are faults, read off the true probabilities.
    likeliest = np.argsort(-probabilities, kind="stable")[: answers.sum()]
    assert 0.4 <= answers[likeliest].mean() <= 0.95
