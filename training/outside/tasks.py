"""One question of a table, cut by time: rows to learn from, later rows to judge on, folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from models.columns import Flags, Floats
from training.outside.features import Encoded, Facts, encode
from training.outside.outcomes import Outcome

TRAIN_SHARE = 0.7
FOLD_STARTS = (0.55, 0.70, 0.85)
"""Shares of the train rows by time after which a forward fold begins."""
FEWEST_ROWS = 200


class TooFewRowsError(ValueError):
    """A table with too few known outcomes to judge anything by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Rows to learn from, all known before the first of the rows to tell."""

    learn: Flags
    tell: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An outcome, the rows that train and the later rows that judge."""

    facts: Facts
    outcome: Outcome
    final: Fold
    """Everything known at the cut, and what was decided after it."""
    folds: tuple[Fold, ...]
    """The same inside the train rows, for every choice that is made."""

    @property
    def value(self) -> Floats:
        """The outcome of each row."""
        return self.outcome.value

    def without_past(self) -> Task:
        """Give the same task with what each row says by itself, and no history of anybody."""
        alone = {name: column for name, column in self.facts.numbers.items()
                 if name not in self.facts.past}  # fmt: skip
        return replace(self, facts=replace(self.facts, numbers=alone, past=frozenset()))

    def encoded(self, fold: Fold) -> Encoded:
        """Give features whose codes are fitted on what the fold learns from."""
        return encode(self.facts, train=fold.learn)


def cut_task(facts: Facts, outcome: Outcome) -> Task:
    """Cut by decision time at 70 %; a train row is one whose outcome was known at the cut.

    Raises TooFewRowsError.
    """
    is_known, decided = outcome.is_known, facts.decided
    if int(is_known.sum()) < FEWEST_ROWS:
        raise TooFewRowsError(
            f"{facts.title}: {int(is_known.sum())} rows have a known outcome {outcome.name!r}, and "
            f"{FEWEST_ROWS} are needed; export a longer time"
        )
    cut = float(np.quantile(decided[is_known], TRAIN_SHARE))
    final = Fold(learn=_known_by(outcome, decided=decided, cut=cut),
                 tell=is_known & (decided >= cut))  # fmt: skip
    starts = [float(np.quantile(decided[final.learn], share)) for share in FOLD_STARTS]
    folds = tuple(
        Fold(
            learn=_known_by(outcome, decided=decided, cut=start),
            tell=final.learn & (decided >= start) & (decided < end),
        )
        for start, end in pairwise((*starts, cut))
    )
    return Task(facts=facts, outcome=outcome, final=final, folds=folds)


def _known_by(outcome: Outcome, *, decided: Floats, cut: float) -> Flags:
    known: Flags = outcome.is_known & (decided < cut) & (outcome.known < cut)
    return known
