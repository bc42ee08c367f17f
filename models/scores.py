"""What the parts of a bundle answer for a batch, as columns; all unknown without a bundle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from data.schemas.assessment import BillDays
from data.schemas.items import narrative_of
from data.schemas.questions import Question
from models.bundle import Bundle
from models.columns import Batch, Floats
from models.features.catalogue import FEATURE_NAMES
from models.reviewers import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The vectors, the probabilities of every question (NaN where none is given), and the rest."""

    features: tuple[str, ...]
    rows: Floats
    answers: Mapping[Question, Floats]
    days: Floats | None = None
    minutes: Floats | None = None
    reviewer_error: Mapping[str, float] = field(default_factory=dict)

    def known_answers(self, index: int) -> dict[Question, float]:
        """Give the answers to the questions that were asked of an item and have a head."""
        given = ((question, float(answer[index])) for question, answer in self.answers.items())
        return {question: answer for question, answer in given if not math.isnan(answer)}

    def vector(self, index: int) -> dict[str, float | None]:
        """Give the vector of an item by name; None where a value is not known."""
        return {
            name: None if math.isnan(value) else value
            for name, value in zip(self.features, self.rows[index].tolist(), strict=True)
        }

    def bill_days(self, index: int) -> BillDays | None:
        """Give the days to the invoice of an item; a later quantile is never earlier."""
        if self.days is None:
            return None
        p50, p80, p90 = np.maximum.accumulate(np.maximum(self.days[index], 0.0)).tolist()
        return BillDays(p50_days=p50, p80_days=p80, p90_days=p90)

    def review_minutes(self, index: int) -> float | None:
        """Give the minutes of attention that a review of an item takes."""
        return None if self.minutes is None else float(self.minutes[index])

    def review_error(self, kind: str) -> float | None:
        """Give how often a verdict on this kind of item is wrong."""
        return self.reviewer_error.get(kind, self.reviewer_error.get(ALL))


def score(batch: Batch, *, table: Floats, bundle: Bundle | None) -> Scores:
    """Ask every part of a bundle about a batch, from its table in catalogue order."""
    if bundle is None:
        unknown = np.full(len(table), np.nan)
        return Scores(features=FEATURE_NAMES, rows=table, answers=dict.fromkeys(Question, unknown))
    kinds = [item.kind for item in batch.items]
    narratives = [narrative_of(item) for item in batch.items]
    rows = bundle.rows(table, kinds=kinds, narratives=narratives)
    return Scores(
        features=bundle.parts.features,
        rows=rows,
        answers=bundle.parts.answers(rows, kinds=kinds),
        days=bundle.parts.bill_days(rows),
        minutes=bundle.parts.review_minutes(rows),
        reviewer_error=bundle.document.reviewer_error,
    )
