"""Every feature can be explained, and LightGBM accepts its name."""

from __future__ import annotations

import math

import pytest

from models.features.catalogue import BY_NAME, FEATURE_NAMES, FEATURES, FeatureType, sentence_for


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_has_a_sentence_and_serves_a_head(feature):
    sentence = sentence_for(feature.name, value=1.0)
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert "{" not in sentence
    assert "nan" not in sentence_for(feature.name, value=math.nan)
    assert {feature.violation_sign, feature.delay_sign} <= {None, -1, 0, 1}
    assert feature.violation_sign is not None or feature.delay_sign is not None
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
