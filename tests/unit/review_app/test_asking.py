"""When a verdict goes against the machine, and what a person has to be told before a key counts."""

from __future__ import annotations

import pytest

from data.schemas.vocabulary import ScoreExposure, Verdict
from review_app.screens.deciding.asking import is_override, stage_of
from tests.builders.review import busy_tuesday, detail


@pytest.mark.parametrize(
    ("probability", "verdict", "expected"),
    [
        (0.71, Verdict.APPROVE, True),
        (0.31, Verdict.APPROVE, False),
        (0.31, Verdict.REJECT, True),
        (0.71, Verdict.REJECT, False),
        (None, Verdict.APPROVE, False),
        (None, Verdict.WRITE_OFF, False),
        (0.31, Verdict.ESCALATE, False),
        (0.71, Verdict.REQUEST_INFORMATION, False),
    ],
)
def test_an_override_is_a_final_verdict_against_what_the_models_said(
    probability, verdict, expected
):
    assert is_override(detail(probability=probability), verdict) is expected


def test_billing_what_a_rule_proved_wrong_is_an_override_and_giving_it_back_is_not():
    proved = busy_tuesday()[4]

    assert is_override(proved, Verdict.APPROVE)
    assert not is_override(proved, Verdict.REJECT)


def test_who_was_not_told_the_opinion_is_not_asked_about_it():
    hidden = detail(probability=0.71).model_copy(update={"exposure": ScoreExposure.HIDDEN})

    assert not is_override(hidden, Verdict.APPROVE)


def test_what_is_told_after_the_own_call_is_another_stage():
    before = detail().model_copy(
        update={"exposure": ScoreExposure.AFTER_OWN_CALL, "must_call_first": True}
    )
    after = before.model_copy(update={"must_call_first": False, "own_verdict": Verdict.REJECT})

    assert stage_of(before) != stage_of(after)
