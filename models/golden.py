"""Golden rows: what a bundle answered on the day of its training, to be asked for again."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from data.schemas.questions import Question
from data.schemas.values import Probability, Record
from models.columns import Floats
from models.parts import Parts
from models.words_model.model import LINE_BREAK, WordsModel
from models.words_model.terms import RUN_MARK

GOLDEN_LINES = 3
WORDS_A_LINE = 6


class GoldenRow(Record):
    """A vector whose answers are known: a bundle that gives others was damaged on the way."""

    features: tuple[float | None, ...]
    probabilities: dict[Question, Probability]
    """One for every head of the bundle."""
    bill_days: tuple[float, ...] = ()
    review_minutes: float | None = None


class GoldenText(Record):
    """Words of the vocabulary, strung together; no client's sentence is carried along."""

    text: str
    columns: tuple[float, ...]


def golden_rows(parts: Parts, *, rows: Floats) -> tuple[GoldenRow, ...]:
    """Write down what the parts answer for some vectors."""
    answers = {question: head.probabilities(rows) for question, head in parts.heads.items()}
    days, minutes = parts.bill_days(rows), parts.review_minutes(rows)
    return tuple(
        GoldenRow(
            features=tuple(None if math.isnan(value) else value for value in row.tolist()),
            probabilities={question: float(given[i]) for question, given in answers.items()},
            bill_days=() if days is None else tuple(days[i].tolist()),
            review_minutes=None if minutes is None else float(minutes[i]),
        )
        for i, row in enumerate(rows)
    )


def golden_text(words: WordsModel | None) -> GoldenText | None:
    """Write down what the words model reads in a text of its own vocabulary."""
    if words is None:
        return None
    known = [term for term in words.document.terms if not term.startswith(RUN_MARK)]
    step = max(1, len(known) // (GOLDEN_LINES * WORDS_A_LINE))
    chosen = known[::step][: GOLDEN_LINES * WORDS_A_LINE]
    lines = [" ".join(chosen[i : i + WORDS_A_LINE]) for i in range(0, len(chosen), WORDS_A_LINE)]
    text = LINE_BREAK.join(lines) or "nothing"
    return GoldenText(text=text, columns=tuple(words.read([text])[0].tolist()))


def gaps(parts: Parts, *, golden: Sequence[GoldenRow], text: GoldenText | None) -> dict[str, float]:
    """Give how far each part's answers lie from what was written down; NaN where one is missing."""
    again = golden_rows(parts, rows=np.array([row.features for row in golden], dtype=np.float64))
    found = {
        question.value: _gap(
            [row.probabilities[question] for row in again],
            [row.probabilities.get(question, math.nan) for row in golden],
        )
        for question in parts.heads
    }
    found["days"] = _gap(
        [day for row in again for day in row.bill_days],
        [day for row in golden for day in row.bill_days],
    )
    found["minutes"] = _gap(
        [row.review_minutes for row in again if row.review_minutes is not None],
        [row.review_minutes for row in golden if row.review_minutes is not None],
    )
    if parts.words is not None:
        said = [] if text is None else parts.words.read([text.text])[0].tolist()
        found["words"] = _gap(said, [] if text is None else list(text.columns))
    return found


def _gap(now: Sequence[float], then: Sequence[float]) -> float:
    if len(now) != len(then):
        return math.nan
    return float(np.max(np.abs(np.array(now) - np.array(then)), initial=0.0))
