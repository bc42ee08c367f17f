"""The columns that words add to the vector: their sentences, and the sign for each head."""

from __future__ import annotations

import math
from dataclasses import dataclass

from data.schemas.catalogue import CATALOGUE
from data.schemas.questions import ASKED, LabelSource, Question
from models.features.catalogue import sentence_for
from models.words_model.model import columns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WordColumn:
    """One column: the question its words were weighed for, and what it measures."""

    question: Question
    is_share: bool

    def sign(self, question: Question) -> int | None:
        """Give the sign for the head of a question; None where the column has no part.

        Words that read like a fault speak for that fault and for any; what they say of write-offs
        and disputes is left open, and a late invoice does not hang on words.
        """
        if question in {self.question, Question.ANY_FAULT}:
            return 1
        is_outcome = ASKED[question].source is LabelSource.OUTCOME
        return 0 if is_outcome and question is not Question.MISSED_CUT_OFF else None

    def sentence(self, value: float) -> str:
        """Say the value in words."""
        title = CATALOGUE[ASKED[self.question].code].title.lower()
        if math.isnan(value):
            return "There are no words to read"
        if self.is_share:
            return f"{value:.0%} of the narratives read like those found wanting before: {title}"
        likely = 1.0 / (1.0 + math.exp(-value))
        return f"The words of one narrative are {likely:.0%} like those found before: {title}"


WORD_COLUMNS: dict[str, WordColumn] = {
    name: WordColumn(question=question, is_share=name.endswith("_share"))
    for question in Question
    if ASKED[question].source is LabelSource.VERDICT
    for name in columns_of((question,))
}
"""Every column that a model of words may add, by name."""


def sentence_of(name: str, *, value: float) -> str:
    """Say the value of a feature or a column of words; an unknown value says so."""
    column = WORD_COLUMNS.get(name)
    return sentence_for(name, value=value) if column is None else column.sentence(value)
