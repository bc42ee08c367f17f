"""Every feature once, in the order of the vector; each is described beside what computes it.

Left out, for the records do not carry them: whether a person is a subcontractor, earlier plans
of a milestone, the channel of delivery and moves of exchange rates.
"""

from __future__ import annotations

import math

from models.features import (
    agreed_terms,
    circumstances,
    client_account,
    familiarity,
    foreign_words,
    hours,
    milestones,
    narratives,
    repeats,
    spending,
    track_record,
    wording,
)
from models.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    *circumstances.FEATURES,
    *agreed_terms.FEATURES,
    *track_record.FEATURES,
    *client_account.FEATURES,
    *hours.FEATURES,
    *familiarity.FEATURES,
    *narratives.FEATURES,
    *foreign_words.FEATURES,
    *repeats.FEATURES,
    *wording.FEATURES,
    *spending.FEATURES,
    *milestones.FEATURES,
)
"""The vector, in its order."""

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in FEATURES}


def sentence_for(name: str, *, value: float) -> str:
    """Say a feature's value in words; an unknown value says so."""
    feature = BY_NAME[name]
    if math.isnan(value):
        return f"Not known: {name.replace('_', ' ')}"
    if feature.absent is not None and value == 0:
        return feature.absent
    if feature.below is not None and value < 0:
        return feature.below.format(value=-value)
    return feature.sentence.format(value=feature.told_as(value))
