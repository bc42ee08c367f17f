"""Every feature can be explained, and LightGBM accepts its name."""

from __future__ import annotations

import math

import pytest

from data.schemas.questions import Question
from models.features.catalogue import BY_NAME, FEATURE_NAMES, FEATURES, sentence_for
from models.features.feature import FeatureType
from models.features.sharp_signs import SHARP_SIGNS, sharp_signs


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_has_a_sentence_and_serves_a_head(feature):
    sentence = sentence_for(feature.name, value=1.0)
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert "{" not in sentence
    assert "nan" not in sentence_for(feature.name, value=math.nan)
    assert set(feature.signs.values()) <= {-1, 0, 1}
    assert feature.signs
    if feature.type is FeatureType.FLAG:
        assert feature.absent is not None


def test_names_are_unique_and_safe_for_lightgbm():
    assert len(BY_NAME) == len(FEATURE_NAMES)
    assert all(name.replace("_", "").isalnum() and name.isascii() for name in FEATURE_NAMES)


def test_a_flag_that_is_not_set_says_the_opposite():
    assert sentence_for("client_sign_off_required", value=0.0) == "No client sign-off is needed"
    assert sentence_for("client_sign_off_required", value=1.0) == "The client must sign off"


def test_sentences_speak_as_people_in_finance_do():
    assert sentence_for("log_amount", value=3.0) == (
        "The amount is about 1,000 in the reporting currency"
    )
    assert sentence_for("days_to_month_end", value=-11.0) == (
        "The last approval came 11 days after the month end of the work"
    )


def test_sharp_signs_are_features_of_their_question_and_never_of_the_certified_ones():
    for question, names in SHARP_SIGNS.items():
        assert names <= BY_NAME.keys()
        assert all(BY_NAME[name].sign(question) is not None for name in names)
    assert not sharp_signs(Question.ANY_FAULT) | sharp_signs(Question.MISSED_CUT_OFF)


@pytest.mark.parametrize("question", Question)
def test_every_question_has_features(question):
    assert any(feature.sign(question) is not None for feature in FEATURES)
