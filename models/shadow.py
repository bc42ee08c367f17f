"""What a challenger would have said: the stored vector and the words of an item, another bundle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.assessment import Assessment
from data.schemas.items import narrative_of
from data.schemas.questions import Question
from data.schemas.vocabulary import Proof, Route
from models.bundle import Bundle
from models.columns import Batch, Floats
from models.features.catalogue import FEATURE_NAMES
from models.routing import promise_of, route

NEVER_DRAWN = 1.0
"""The coin of a shadow: whether a person looks changes nothing of whether it would be cleared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A challenger's answers to one item, and whether its certificates would have cleared it."""

    probabilities: dict[Question, float]
    would_clear: bool


def shadow(assessments: Sequence[Assessment], *, batch: Batch, bundle: Bundle) -> list[Shadow]:
    """Answer for a batch as it was assessed, one shadow for each item in the same order.

    Findings of rules, and suspicions that no model answers for, count as they stood. Nothing the
    challenger says has any effect.
    """
    answers = bundle.answers(
        _vectors(assessments),
        kinds=[item.kind for item in batch.items],
        narratives=[narrative_of(item) for item in batch.items],
    )
    routing = route(
        batch,
        proved=[[f for f in one.findings if f.proof is Proof.RULE] for one in assessments],
        suspected=[one.findings for one in assessments],
        probability=answers[Question.ANY_FAULT],
        coins=[NEVER_DRAWN] * len(assessments),
        promise=promise_of(
            bundle,
            decided_at=assessments[0].assessed_at,
            cleared=0,
            frozen=frozenset(),
        ),
    )
    return [
        Shadow(
            probabilities={
                question: float(given[row])
                for question, given in answers.items()
                if not math.isnan(given[row])
            },
            would_clear=routing.route[row] is Route.AUTO_CLEAR,
        )
        for row in range(len(assessments))
    ]


def _vectors(assessments: Sequence[Assessment]) -> Floats:
    """The stored vectors in catalogue order; what a bundle adds to them is the bundle's own."""
    table = np.full((len(assessments), len(FEATURE_NAMES)), np.nan)
    for row, one in enumerate(assessments):
        for column, name in enumerate(FEATURE_NAMES):
            value = one.features.get(name)
            if value is not None:
                table[row, column] = value
    return table
