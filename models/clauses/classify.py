"""Says which kind of clause a text is: words and character runs into one linear model.

The classifier is data: vocabularies and weights as plain arrays, never a pickle.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

FORMAT = 1
"""Raised with every change of what is stored; an older file is trained anew."""
REGULARISATION = 0.2
"""The inverse strength C: from 0.1 to 0.3 makes no difference on 8,483 expert-labelled spans."""
MAX_CHARACTER_RUNS = 60_000
MIN_SAMPLES = 400
"""Below this many texts a word that stands in one of them alone still says something."""
COLDEST, HOTTEST = 0.02, 5.0

Floats = NDArray[np.float64]


class UnreadableClassifierError(Exception):
    """A stored classifier that is damaged or of another format; train it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Terms and their weights, in the order of the columns they make."""

    terms: tuple[str, ...]
    idf: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseClassifier:
    """A linear model over words and character runs; a margin over `temperature` is a log-odds."""

    labels: tuple[str, ...]
    words: Vocabulary
    runs: Vocabulary
    weights: NDArray[np.float32]
    """One row a label, one column a term: words first."""
    intercepts: Floats
    temperature: float = 1.0

    def margins(self, texts: Sequence[str]) -> Floats:
        """Give one row a text and one column a label; the highest is the answer."""
        return _margins(_features(self, texts), weights=self.weights, intercepts=self.intercepts)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the calibrated probability of each label for each text."""
        return softmax(self.margins(texts), temperature=self.temperature)


def fit(texts: Sequence[str], labels: Sequence[str]) -> ClauseClassifier:
    """Train on labelled texts, without calibration; two labels at least are needed."""
    minimum = 2 if len(texts) >= MIN_SAMPLES else 1
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=minimum)
    runs = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=minimum,
        max_features=MAX_CHARACTER_RUNS,
    )  # fmt: skip
    columns = hstack([words.fit_transform(texts), runs.fit_transform(texts)]).tocsr()
    model = LinearSVC(C=REGULARISATION, class_weight="balanced", random_state=0)
    model.fit(columns, labels)
    weights, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # noqa: PLR2004 - the library keeps one row for two labels
        weights, intercepts = np.vstack([-weights, weights]), np.hstack([-intercepts, intercepts])
    return ClauseClassifier(
        labels=tuple(str(one) for one in model.classes_),
        words=_vocabulary(words),
        runs=_vocabulary(runs),
        weights=weights.astype(np.float32),
        intercepts=intercepts.astype(np.float64),
    )


def best_temperature(margins: Floats, answers: NDArray[np.int64]) -> float:
    """Give the temperature under which probabilities of unseen texts fit their true labels best."""

    def loss(log_temperature: float) -> float:
        chances = softmax(margins, temperature=float(np.exp(log_temperature)))
        return float(-np.mean(np.log(chances[np.arange(len(answers)), answers] + 1e-12)))

    found = minimize_scalar(loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def softmax(margins: Floats, *, temperature: float) -> Floats:
    """Turn margins into probabilities."""
    scaled = margins / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=1, keepdims=True)
    return chances


def pack(classifier: ClauseClassifier) -> bytes:
    """Give the classifier as one compressed file of plain arrays."""
    kept = io.BytesIO()
    np.savez_compressed(
        kept,
        format=np.array([FORMAT]),
        labels=_text_array(classifier.labels),
        words=_text_array(classifier.words.terms),
        word_idf=classifier.words.idf,
        runs=_text_array(classifier.runs.terms),
        run_idf=classifier.runs.idf,
        weights=classifier.weights,
        intercepts=classifier.intercepts,
        temperature=np.array([classifier.temperature]),
    )
    return kept.getvalue()


def unpack(content: bytes) -> ClauseClassifier:
    """Read a packed classifier. Raises UnreadableClassifierError."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return _built({name: arrays[name] for name in arrays.files})
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableClassifierError(
            f"the classifier cannot be read: {error}; learn anew, or delete its file"
        ) from error


def _built(arrays: dict[str, Any]) -> ClauseClassifier:
    if arrays["format"].tolist() != [FORMAT]:
        raise ValueError(f"format {arrays['format'].tolist()} where {FORMAT} is read")
    built = ClauseClassifier(
        labels=_texts(arrays["labels"]),
        words=Vocabulary(terms=_texts(arrays["words"]), idf=arrays["word_idf"]),
        runs=Vocabulary(terms=_texts(arrays["runs"]), idf=arrays["run_idf"]),
        weights=arrays["weights"],
        intercepts=arrays["intercepts"],
        temperature=float(arrays["temperature"][0]),
    )
    columns = len(built.words.terms) + len(built.runs.terms)
    shapes = (built.weights.shape, built.words.idf.shape, built.runs.idf.shape)
    expected = (len(built.labels), columns), (len(built.words.terms),), (len(built.runs.terms),)
    if shapes != expected or built.intercepts.shape != (len(built.labels),):
        raise ValueError(f"arrays of shapes {shapes} where {expected} belong together")
    return built


def _margins(features: csr_matrix, *, weights: NDArray[np.float32], intercepts: Floats) -> Floats:
    found: Floats = np.asarray(features @ weights.T.astype(np.float64)) + intercepts
    return found


def _features(classifier: ClauseClassifier, texts: Sequence[str]) -> csr_matrix:
    words = _vectorizer(classifier.words, ngram_range=(1, 2))
    runs = _vectorizer(classifier.runs, analyzer="char_wb", ngram_range=(3, 5))
    return hstack([words.transform(texts), runs.transform(texts)]).tocsr()


def _vectorizer(vocabulary: Vocabulary, **options: Any) -> TfidfVectorizer:  # noqa: ANN401 - the library's own
    vectorizer = TfidfVectorizer(
        sublinear_tf=True,
        vocabulary={term: column for column, term in enumerate(vocabulary.terms)},
        **options,
    )
    with warnings.catch_warnings():
        # A vocabulary without fitting is what the library warns of, and what is meant here.
        warnings.simplefilter("ignore")
        vectorizer.idf_ = np.asarray(vocabulary.idf, dtype=np.float64)
    return vectorizer


def _vocabulary(fitted: TfidfVectorizer) -> Vocabulary:
    terms = tuple(str(one) for one in fitted.get_feature_names_out())
    return Vocabulary(terms=terms, idf=np.asarray(fitted.idf_, dtype=np.float64))


def _text_array(texts: Sequence[str]) -> NDArray[np.uint8]:
    # Neither labels nor terms hold a line break: the vectorizers made blanks of them.
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _texts(stored: NDArray[np.uint8]) -> tuple[str, ...]:
    joined = stored.tobytes().decode()
    return tuple(joined.split("\n")) if joined else ()
