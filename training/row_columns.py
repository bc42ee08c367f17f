"""Training rows as columns: two hundred thousand of them are read, cut and weighed at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from data.schemas.decision import TrainingRow
from data.schemas.questions import Question
from models.columns import Flags, Floats, Ints, Strings, microseconds
from models.features.catalogue import FEATURE_NAMES

Marks = NDArray[np.int8]
"""Yes, no, or nothing said."""
NOT_SAID = -1
QUESTIONS = tuple(Question)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowColumns:
    """One entry per training row in every column; times in microseconds, NaN where unknown.

    A text that a row does not say is empty. `features` follow the catalogue, `answers` the order
    of the questions.
    """

    item_id: Strings
    kind: Strings
    assessed_us: Ints
    known_us: Ints
    amount_minor: Ints
    currency: Strings
    features: Floats
    narrative: Strings
    is_rule_proved: Flags
    is_suspected: Flags
    label_source: Strings
    answers: Marks
    days_to_bill: Floats
    is_billed: Marks
    route: Strings
    lane: Strings
    propensity: Floats
    bundle: Strings
    probability: Floats
    rater: Strings
    active_seconds: Floats
    is_score_shown: Marks
    group: Strings

    def __len__(self) -> int:
        return len(self.item_id)

    def answer(self, question: Question) -> Marks:
        """Give what each row says of a question."""
        return self.answers[:, QUESTIONS.index(question)]

    def take(self, rows: Flags | Ints) -> RowColumns:
        """Give the rows of a mask, or of places in that order."""
        return RowColumns(**{name: getattr(self, name)[rows] for name in COLUMNS})


COLUMNS = tuple(field.name for field in fields(RowColumns))


def columns_of(rows: Iterable[TrainingRow]) -> RowColumns:
    """Lay rows out as columns; a feature this version does not know is left out."""
    told = list(rows)
    return RowColumns(
        item_id=_texts([row.item_id for row in told]),
        kind=_texts([row.kind.value for row in told]),
        assessed_us=_times([row.assessed_at for row in told]),
        known_us=_times([row.known_at for row in told]),
        amount_minor=np.array([row.amount_minor for row in told], dtype=np.int64),
        currency=_texts([row.currency for row in told]),
        features=feature_table(told),
        narrative=_texts([row.narrative for row in told]),
        is_rule_proved=np.array([row.is_rule_proved for row in told], dtype=np.bool_),
        is_suspected=np.array([row.is_suspected for row in told], dtype=np.bool_),
        label_source=_texts([row.label_source.value for row in told]),
        answers=_answers(told),
        days_to_bill=_numbers([row.days_to_bill for row in told]),
        is_billed=_marks([row.is_billed for row in told]),
        route=_texts([row.route.value for row in told]),
        lane=_texts(["" if row.lane is None else row.lane.value for row in told]),
        propensity=_numbers([row.propensity for row in told]),
        bundle=_texts([row.bundle for row in told]),
        probability=_numbers([row.probability for row in told]),
        rater=_texts([row.rater or "" for row in told]),
        active_seconds=_numbers([row.active_seconds for row in told]),
        is_score_shown=_marks([row.is_score_shown for row in told]),
        group=_texts([row.group or "" for row in told]),
    )


def feature_table(rows: Sequence[TrainingRow]) -> Floats:
    """Give the vectors of rows in catalogue order; what a row does not have is NaN."""
    table = [[row.features.get(name) for name in FEATURE_NAMES] for row in rows]
    return np.array(table, dtype=np.float64).reshape(len(rows), len(FEATURE_NAMES))


def together(parts: Sequence[RowColumns]) -> RowColumns:
    """Put columns one below the other; without parts there are none."""
    if not parts:
        return columns_of([])
    return RowColumns(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    )


def _answers(rows: Sequence[TrainingRow]) -> Marks:
    table = np.full((len(rows), len(QUESTIONS)), NOT_SAID, dtype=np.int8)
    place = {question: column for column, question in enumerate(QUESTIONS)}
    for index, row in enumerate(rows):
        for question, answer in row.answers.items():
            table[index, place[question]] = answer
    return table


def _texts(values: Sequence[str]) -> Strings:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _times(values: Sequence[datetime]) -> Ints:
    return np.array([microseconds(moment) for moment in values], dtype=np.int64)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)


def _marks(values: Sequence[bool | None]) -> Marks:
    return np.array([NOT_SAID if value is None else value for value in values], dtype=np.int8)
