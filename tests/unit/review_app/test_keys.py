from __future__ import annotations

import pytest
from streamlit.elements.lib.shortcut_utils import normalize_shortcut

from data.schemas.vocabulary import REASONS_BY_VERDICT, Verdict
from review_app.keys import KEYS, QUESTIONS, USUAL_APPROVAL, reason_shortcut


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
