"""Learns a clause classifier from labelled clauses, and says beforehand how well it will do.

Folds are cut by contract: clauses of one contract repeat each other, and a random cut flatters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from models.clauses.classify import ClauseClassifier, Floats, best_temperature, fit

ABSENT = -1e9
"""The margin of a label that no text of a fold's training part carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClause:
    """A clause's text, what somebody labelled it, and the contract it stands in."""

    text: str
    label: str
    contract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How well texts of unseen contracts were labelled."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    f1: tuple[float, ...]
    """One for each label."""
    accuracy: float
    temperature: float
    """Calibrates the probabilities of texts nobody trained on."""
    contracts: int
    folds: int

    @property
    def macro_f1(self) -> float:
        """The mean of all labels' F1, rare and frequent alike."""
        return float(np.mean(self.f1))


def evaluate(clauses: Sequence[LabelledClause], *, folds: int) -> Evaluation:
    """Label every contract's clauses by a model that never saw that contract."""
    labels = tuple(sorted({one.label for one in clauses}))
    places = {label: place for place, label in enumerate(labels)}
    answers = np.array([places[one.label] for one in clauses], dtype=np.int64)
    groups = np.array([one.contract for one in clauses], dtype=object)
    margins = np.full((len(clauses), len(labels)), ABSENT)
    for seen, unseen in GroupKFold(n_splits=folds).split(groups, groups=groups):
        margins[unseen] = _margins_of_unseen(clauses, seen=seen, unseen=unseen, places=places)
    told = margins.argmax(axis=1)
    scores = f1_score(answers, told, average=None, labels=range(len(labels)), zero_division=0)
    return Evaluation(
        labels=labels,
        counts=tuple(int(one) for one in np.bincount(answers, minlength=len(labels))),
        f1=tuple(float(one) for one in scores),
        accuracy=float(np.mean(told == answers)),
        temperature=best_temperature(margins, answers),
        contracts=len(set(groups)),
        folds=folds,
    )


def learn(clauses: Sequence[LabelledClause], *, temperature: float) -> ClauseClassifier:
    """Train on every clause, calibrated as its evaluation found."""
    classifier = fit([one.text for one in clauses], [one.label for one in clauses])
    return replace(classifier, temperature=temperature)


def _margins_of_unseen(
    clauses: Sequence[LabelledClause],
    *,
    seen: NDArray[np.int64],
    unseen: NDArray[np.int64],
    places: dict[str, int],
) -> Floats:
    model = fit([clauses[place].text for place in seen], [clauses[place].label for place in seen])
    margins: Floats = np.full((len(unseen), len(places)), ABSENT)
    columns = [places[label] for label in model.labels]
    margins[:, columns] = model.margins([clauses[place].text for place in unseen])
    return margins
