"""The trained parts of a bundle and how they answer: those of a candidate and of a released one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.questions import ASKED, Question
from data.schemas.vocabulary import ItemKind
from models.boosting import Head
from models.columns import Floats
from models.days import DaysModel
from models.features.catalogue import FEATURE_NAMES
from models.minutes import MinutesModel
from models.words_model.model import WordsModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A head for each question that enough is known of, and what stands beside the heads."""

    features: tuple[str, ...]
    """The vector of the heads: features of the catalogue, then the columns of words."""
    heads: Mapping[Question, Head]
    words: WordsModel | None = None
    days: DaysModel | None = None
    minutes: MinutesModel | None = None

    def rows(
        self, table: Floats, *, kinds: Sequence[str] = (), narratives: Sequence[str] = ()
    ) -> Floats:
        """Give the vectors of the heads, from a table in catalogue order and one text an item.

        Without texts the columns of words are not known.
        """
        if self.features == FEATURE_NAMES:
            return table
        said = np.full((len(table), 0), np.nan)
        if self.words is not None:
            texts = texts_of(narratives, kinds=kinds) if narratives else [""] * len(table)
            said = self.words.read(texts)
        names = (*FEATURE_NAMES, *(() if self.words is None else self.words.columns))
        return np.hstack([table, said])[:, [names.index(name) for name in self.features]]

    def answers(self, rows: Floats, *, kinds: Sequence[str]) -> dict[Question, Floats]:
        """Give a probability for every question and row; NaN where it is not asked, or no head."""
        return {question: self._answer(question, rows, kinds=kinds) for question in Question}

    def bill_days(self, rows: Floats) -> Floats | None:
        """Give days to the invoice (n, 3) by 0.5, 0.8 and 0.9, or None without such a model."""
        if self.days is None:
            return None
        return self.days.quantiles(self._of(rows, self.days.document.features))

    def review_minutes(self, rows: Floats) -> Floats | None:
        """Give the minutes of attention a review takes, or None without such a model."""
        if self.minutes is None:
            return None
        return self.minutes.predict(self._of(rows, self.minutes.document.features))

    def _answer(self, question: Question, rows: Floats, *, kinds: Sequence[str]) -> Floats:
        answers = np.full(len(rows), np.nan)
        head = self.heads.get(question)
        if head is None:
            return answers
        asked = ASKED[question].kinds
        where = np.array([kind in asked for kind in kinds], dtype=np.bool_)
        answers[where] = head.probabilities(rows if where.all() else rows[where])
        return answers

    def _of(self, rows: Floats, features: Sequence[str]) -> Floats:
        if tuple(features) == self.features:
            return rows
        return rows[:, [self.features.index(name) for name in features]]


def texts_of(narratives: Sequence[str], *, kinds: Sequence[str]) -> list[str]:
    """Give the narratives of timesheets; a merchant on an expense report is no narrative."""
    return [
        text if kind == ItemKind.TIMESHEET else ""
        for text, kind in zip(narratives, kinds, strict=True)
    ]
