from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.elements.lib.shortcut_utils import normalize_shortcut

from data.schemas.vocabulary import REASONS_BY_VERDICT, Verdict
from review_app.keys import FIXED, KEYS, QUESTIONS, USUAL_APPROVAL, Step, key_map, reason_shortcut


def test_no_two_actions_share_a_key():
    shortcuts = [key.shortcut for key in KEYS.values()]

    assert len(set(shortcuts)) == len(shortcuts)


@pytest.mark.parametrize("key", KEYS.values(), ids=lambda key: key.label)
def test_streamlit_takes_every_key(key):
    assert normalize_shortcut(key.shortcut) not in {"c", "r", "space", "enter"}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_key_a_question_and_reasons_with_one_digit_each(verdict):
    digits = [reason_shortcut(index) for index, _ in enumerate(REASONS_BY_VERDICT[verdict])]

    assert verdict in KEYS
    assert verdict in QUESTIONS
    assert all(len(digit) == 1 for digit in digits)


def test_a_plain_approval_has_a_reason_that_fits():
    assert USUAL_APPROVAL in REASONS_BY_VERDICT[Verdict.APPROVE]


def test_a_person_chooses_other_letters():
    keys = key_map({"approve": "q"}, are_on=True)

    assert keys[Verdict.APPROVE].shortcut == "Q"
    assert keys[Verdict.REJECT].shortcut == "X"


def test_letters_switched_off_leave_the_way_back():
    keys = key_map({}, are_on=False)

    assert {action for action, key in keys.items() if key.shortcut is not None} == FIXED
    assert keys[Step.CANCEL].shortcut == "Escape"


@given(st.dictionaries(st.sampled_from([str(one) for one in KEYS]), st.text(max_size=3)))
def test_whatever_was_chosen_no_two_actions_share_a_letter_and_none_is_taken(chosen):
    letters = [key.shortcut for key in key_map(chosen, are_on=True).values()]

    assert len(set(letters)) == len(letters)
    assert not {"C", "R"} & set(letters)
    assert set(letters) <= {*string.ascii_uppercase, "Escape"}
