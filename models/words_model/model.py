"""What the words of an item say: for each kind of hidden fault one linear score over its terms.

The model is data (terms, weights) and a few lines of numpy: nothing of scikit-learn is needed to
read a narrative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import model_validator

from data.schemas.questions import Question
from data.schemas.values import ContradictionError, Record
from models.columns import Floats
from models.words_model.terms import terms_of

LINE_BREAK = "\n"
"""Between the rows of an item in its narrative."""


class WordsDocument(Record):
    """The whole model; `terms` in their order, and one row of weights for each question."""

    questions: tuple[Question, ...]
    terms: tuple[str, ...]
    idf: tuple[float, ...]
    """What seldom stands anywhere tells more where it stands."""
    weights: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]
    unusual: tuple[float, ...]
    """From this log-odds on a row of the fit slice was one of the few."""

    @model_validator(mode="after")
    def _is_complete(self) -> WordsDocument:
        wide = {len(self.terms), len(self.idf), *(len(row) for row in self.weights)}
        long = {len(self.questions), len(self.weights), len(self.intercepts), len(self.unusual)}
        if len(wide) != 1 or len(long) != 1:
            raise ContradictionError(
                "has rows or columns that are missing", field="weights", value=len(self.weights)
            )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsModel:
    """A model ready to read."""

    document: WordsDocument
    place: Mapping[str, int]
    idf: Floats
    weights: Floats
    """Terms by questions, each times the term's idf."""
    intercepts: Floats
    unusual: Floats

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what `read` gives, in its order."""
        return columns_of(self.document.questions)

    def margins(self, texts: Sequence[str]) -> Floats:
        """Give the log-odds (texts, questions) that a row with this text is faulty."""
        told = np.empty((len(texts), len(self.intercepts)))
        for row, text in enumerate(texts):
            known = [self.place[term] for term in terms_of(text) if term in self.place]
            told[row] = self._margin(np.array(sorted(known), dtype=np.int64))
        return told

    def read(self, narratives: Sequence[str]) -> Floats:
        """Give the columns of items: the highest log-odds of their rows, and the unusual share.

        A narrative has one row of the item a line. NaN where there is none.
        """
        lines = [text.split(LINE_BREAK) if text else [] for text in narratives]
        distinct = sorted({line for own in lines for line in own})
        margins = self.margins(distinct)
        place = {line: row for row, line in enumerate(distinct)}
        columns = np.full((len(lines), 2 * len(self.intercepts)), np.nan)
        for item, own in enumerate(lines):
            if own:
                said = margins[[place[line] for line in own]]
                columns[item] = np.concatenate(
                    (said.max(axis=0), (said >= self.unusual).mean(axis=0))
                )
        return columns

    def text(self) -> str:
        """Give the model as JSON."""
        return self.document.model_dump_json()

    def _margin(self, known: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
        length = float(np.sqrt(np.sum(self.idf[known] ** 2)))
        if length == 0.0:
            return self.intercepts
        return np.asarray(self.weights[known].sum(axis=0) / length + self.intercepts)


def words_from_text(text: str | bytes) -> WordsModel:
    """Build a model from JSON. Raises pydantic's ValidationError."""
    return build_words(WordsDocument.model_validate_json(text))


def build_words(document: WordsDocument) -> WordsModel:
    """Build a model from what was stored."""
    idf = np.array(document.idf, dtype=np.float64)
    weights = np.array(document.weights, dtype=np.float64).reshape(len(document.questions), -1)
    return WordsModel(
        document=document,
        place={term: place for place, term in enumerate(document.terms)},
        idf=idf,
        weights=np.ascontiguousarray((weights * idf).T),
        intercepts=np.array(document.intercepts, dtype=np.float64),
        unusual=np.array(document.unusual, dtype=np.float64),
    )


def columns_of(questions: Sequence[Question]) -> tuple[str, ...]:
    """Name the columns that the words of an item add to its vector."""
    return (
        *(f"words_{question.value}" for question in questions),
        *(f"words_{question.value}_share" for question in questions),
    )
