"""Learns which words go with which fault from items that people reviewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from data.schemas.questions import Question
from models.columns import Flags, Floats, Ints
from models.words_model.model import LINE_BREAK, WordsDocument, WordsModel, build_words
from models.words_model.terms import terms_of

FEWEST_TEXTS_WITH_TERM = 3
"""A term of one or two texts is a name or a slip; it would also carry it into the bundle."""
MOST_TERMS = 5_000
INVERSE_L2 = 10.0
"""With the rows to blame chosen, 10 ranks later texts better than 1 (measured on firms)."""
UNUSUAL_QUANTILE = 0.95
DIGITS = 5
"""Significant digits kept of a weight; the model that is served is the model that is stored."""


Answers = tuple[Flags, Flags]
"""Of each item: whether a reviewer said yes, and whether the answer may be learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every distinct row of some items once, with the terms it has."""

    item: Ints
    """The item of each row."""
    text: Ints
    """The distinct text of each row."""
    said: tuple[str, ...]
    terms: tuple[str, ...]
    idf: Floats
    has: csr_matrix

    @classmethod
    def of(cls, narratives: Sequence[str]) -> Texts:
        """Read narratives, one an item with a row a line."""
        lines = [text.split(LINE_BREAK) if text else [] for text in narratives]
        said = sorted({line for own in lines for line in own})
        place = {line: row for row, line in enumerate(said)}
        found = [terms_of(line) for line in said]
        texts_with = Counter(term for terms in found for term in terms)
        terms = sorted(one for one, n in texts_with.items() if n >= FEWEST_TEXTS_WITH_TERM)
        column = {term: place for place, term in enumerate(terms)}
        own = [sorted(column[term] for term in one if term in column) for one in found]
        starts = np.cumsum([0, *(len(one) for one in own)])
        flat = np.array([place for one in own for place in one], dtype=np.int64)
        frequency = np.array([texts_with[term] for term in terms], dtype=np.float64)
        return cls(
            item=np.repeat(np.arange(len(lines)), [len(one) for one in lines]),
            text=np.array([place[line] for one in lines for line in one], dtype=np.int64),
            said=tuple(said),
            terms=tuple(terms),
            idf=np.log((1.0 + len(said)) / (1.0 + frequency)) + 1.0,
            has=csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(said), len(terms))),
        )

    def counts(self, answers: Answers) -> tuple[Floats, Floats]:
        """How often each distinct text stood in a faulty item, and in a faultless one."""
        is_yes, is_known = (column[self.item] for column in answers)
        faulty = np.bincount(self.text[is_known & is_yes], minlength=len(self.said))
        clean = np.bincount(self.text[is_known & ~is_yes], minlength=len(self.said))
        return faulty.astype(np.float64), clean.astype(np.float64)

    def worst(self, answers: Answers, *, margins: Floats) -> Floats:
        """How often each distinct text had the highest margin of a faulty item's rows."""
        is_yes, is_known = (column[self.item] for column in answers)
        rows = np.flatnonzero(is_yes & is_known)
        order = rows[np.lexsort((self.text[rows], -margins[self.text[rows]], self.item[rows]))]
        _, first = np.unique(self.item[order], return_index=True)
        return np.bincount(self.text[order[first]], minlength=len(self.said)).astype(np.float64)

    def weighed(self, kept: Ints, *, idf: Floats) -> csr_matrix:
        """Give kept terms by their idf, every text of length one."""
        columns = self.has[:, kept].multiply(idf).tocsr()
        length = np.sqrt(np.asarray(columns.multiply(columns).sum(axis=1)).ravel())
        scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
        return columns.multiply(scale[:, None]).tocsr()


def fit_words(texts: Texts, answers: Mapping[Question, Answers]) -> WordsModel | None:
    """Fit one logistic regression for each question over shared terms; None where none is told.

    A verdict says that some row of an item is at fault and not which. A first fit blames every row
    of a faulty item, which weakens a score and does not turn it: faultless items hold the same
    rows far more often. A second blames only the row that reads worst to the first.
    """
    counted = {question: texts.counts(given) for question, given in answers.items()}
    told = [one for one, (faulty, clean) in counted.items() if faulty.any() and clean.any()]
    if not told or not texts.terms:
        return None
    kept = _telling(texts, [counted[one] for one in told])
    columns = texts.weighed(kept, idf=texts.idf[kept])
    fitted = [_fit_twice(texts, answers[one], columns=columns) for one in told]
    document = WordsDocument(
        questions=tuple(told),
        terms=tuple(texts.terms[i] for i in kept.tolist()),
        idf=_rounded(texts.idf[kept]),
        weights=tuple(_rounded(weights) for weights, _ in fitted),
        intercepts=_rounded(np.array([intercept for _, intercept in fitted])),
        unusual=(0.0,) * len(told),
    )
    return _with_unusual(document, columns=columns, rows=texts.text)


def read_texts(texts: Texts, model: WordsModel, *, items: int) -> Floats:
    """Give what `model.read` gives, for texts that were taken apart already."""
    place = {term: column for column, term in enumerate(texts.terms)}
    kept = np.array([place[term] for term in model.document.terms], dtype=np.int64)
    weights = np.array(model.document.weights, dtype=np.float64).T
    margins = (texts.weighed(kept, idf=model.idf) @ weights + model.intercepts)[texts.text]
    highest = np.full((items, len(model.intercepts)), -np.inf)
    np.maximum.at(highest, texts.item, margins)
    unusual = np.zeros_like(highest)
    np.add.at(unusual, texts.item, (margins >= model.unusual).astype(np.float64))
    rows = np.bincount(texts.item, minlength=items).astype(np.float64)[:, None]
    told = np.hstack([highest, unusual / np.maximum(rows, 1.0)])
    return np.where(rows > 0, told, np.nan)


def _telling(texts: Texts, counted: Iterable[tuple[Floats, Floats]]) -> Ints:
    """The terms that part faulty from clean texts most surely, for any question, in their order."""
    parting = np.zeros(len(texts.terms))
    for faulty, clean in counted:
        of_faulty, of_clean = texts.has.T @ faulty, texts.has.T @ clean
        gap = np.abs(of_faulty / faulty.sum() - of_clean / clean.sum())
        chance = np.sqrt((of_faulty + of_clean) / (faulty.sum() + clean.sum()) + 1e-12)
        # A question with few faulty texts has larger gaps by chance alone.
        parting = np.maximum(parting, gap / chance * np.sqrt(faulty.sum()))
    return np.sort(np.argsort(-parting, kind="stable")[:MOST_TERMS])


def _fit_twice(texts: Texts, answers: Answers, *, columns: csr_matrix) -> tuple[Floats, float]:
    faulty, clean = texts.counts(answers)
    weights, intercept = _fit(columns, faulty, clean)
    worst = texts.worst(answers, margins=columns @ weights + intercept)
    return _fit(columns, worst, clean)


def _fit(columns: csr_matrix, faulty: Floats, clean: Floats) -> tuple[Floats, float]:
    is_faulty, is_clean = np.flatnonzero(faulty), np.flatnonzero(clean)
    places = np.concatenate((is_faulty, is_clean))
    answers = np.repeat([True, False], [len(is_faulty), len(is_clean)])
    model = LogisticRegression(C=INVERSE_L2, solver="liblinear", random_state=0)
    model.fit(
        columns[places],
        answers,
        sample_weight=np.concatenate((faulty[is_faulty], clean[is_clean])),
    )
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def _with_unusual(document: WordsDocument, *, columns: csr_matrix, rows: Ints) -> WordsModel:
    weights = np.array(document.weights, dtype=np.float64).T
    margins = (columns @ weights + np.array(document.intercepts))[rows]
    unusual = np.quantile(margins, UNUSUAL_QUANTILE, axis=0)
    return build_words(document.model_copy(update={"unusual": _rounded(unusual)}))


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in values.tolist())
