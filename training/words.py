"""The words of items as columns: learned from the fit slice, and never scored with their own label.

In training a row's words are read by a model of all other folds, stretches of time; everywhere
else by the model of the whole fit slice, which is the one that is served.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from data.schemas.questions import ASKED, LabelSource, Question
from data.schemas.vocabulary import ItemKind
from models.columns import Flags, Floats, Ints
from models.parts import texts_of
from models.words_model.learn import Answers, Texts, fit_words, read_texts
from models.words_model.model import WordsModel
from training.dataset import RiskTable
from training.head_slices import FEWEST_POSITIVES
from training.splits import Slices

FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedWords:
    """The model of the whole fit slice, and what others said of the rows it learned from."""

    model: WordsModel | None = None
    held_out: Mapping[str, Floats] = field(default_factory=dict)
    memo: dict[str, Floats] = field(default_factory=dict)
    """What the model said of a narrative: tables share their items, and reading is dear."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that words add."""
        return () if self.model is None else self.model.columns

    def widened(self, table: RiskTable) -> Floats:
        """Give the features of a table with the columns of words beside them."""
        if self.model is None:
            return table.features
        said = self._said(texts_of(table.narrative, kinds=table.kind))
        for row, item_id in enumerate(table.item_id):
            own = self.held_out.get(item_id)
            if own is not None:
                said[row] = own
        return np.hstack([table.features, said])

    def _said(self, texts: Sequence[str]) -> Floats:
        unread = sorted({text for text in texts if text not in self.memo})
        if self.model is not None and unread:
            self.memo.update(zip(unread, self.model.read(unread), strict=True))
        return np.array([self.memo[text] for text in texts]).reshape(len(texts), len(self.columns))


def learn_words(tables: Mapping[Question, Slices]) -> LearnedWords:
    """Learn from the verdicts of the fit slices, and read each row by what others taught."""
    asked = {
        question: slices.fit
        for question, slices in tables.items()
        if ASKED[question].source is LabelSource.VERDICT
        and int(slices.fit.is_positive.sum()) >= FEWEST_POSITIVES
    }
    base = tables[Question.ANY_FAULT].fit
    rows = base.take(np.array([kind == ItemKind.TIMESHEET for kind in base.kind], dtype=np.bool_))
    texts = Texts.of(rows.narrative)
    answers = {question: _answers(rows, told=told) for question, told in asked.items()}
    model = fit_words(texts, answers)
    if model is None:
        return LearnedWords()
    held_out = np.full((len(rows), len(model.columns)), np.nan)
    fold = np.arange(len(rows)) * FOLDS // max(len(rows), 1)
    for number in range(FOLDS):
        _read_fold(held_out, texts, answers, columns=model.columns, fold=fold, number=number)
    return LearnedWords(model=model, held_out=dict(zip(rows.item_id, held_out, strict=True)))


def _answers(rows: RiskTable, *, told: RiskTable) -> Answers:
    """What is known of a question for the rows of the certified one, and of nothing later."""
    answers = dict(zip(told.item_id, told.is_positive.tolist(), strict=True))
    is_known = np.array([item_id in answers for item_id in rows.item_id], dtype=np.bool_)
    is_yes = np.array([answers.get(item_id, False) for item_id in rows.item_id], dtype=np.bool_)
    return is_yes, is_known


def _read_fold(
    held_out: Floats,
    texts: Texts,
    answers: Mapping[Question, Answers],
    *,
    columns: Sequence[str],
    fold: Ints,
    number: int,
) -> None:
    """Read one fold by a model of the others."""
    is_other: Flags = fold != number
    others = fit_words(
        texts, {one: (is_yes, known & is_other) for one, (is_yes, known) in answers.items()}
    )
    if others is None:
        return
    here = np.flatnonzero(fold == number)
    said = read_texts(texts, others, items=len(fold))[here]
    for column, name in enumerate(others.columns):
        held_out[here, columns.index(name)] = said[:, column]
