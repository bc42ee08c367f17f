"""How far each reviewer can be believed, learned from items that several of them judged blindly.

Dawid and Skene (1979), for yes or no: each rater finds a fault with one probability and clears
good work with another; which answers are right is averaged over. Beta priors hold the figures of
a rater who judged few items near those of a careful reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.columns import Flags, Floats, Ints

FEWEST_RATERS = 3
"""With two raters their errors and the share of faults cannot be told apart."""
FEWEST_DOUBLES = 30
"""Items judged by two or more, below which nobody is weighed."""
SENSITIVITY_PRIOR, SPECIFICITY_PRIOR = (9.0, 1.0), (49.0, 1.0)
"""Findings right and wrong that a rater is given in advance: 90 % of faults, 98 % of good work."""
ROUNDS, TOLERANCE = 200, 1e-7
LOWEST_WEIGHT = 0.05
"""No verdict counts for nothing: the estimate of a rater is an estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """One verdict of one rater on one item per entry; items and raters are numbered from zero."""

    item: Ints
    rater: Ints
    is_yes: Flags

    def take(self, rows: Flags) -> Votes:
        """Give the votes of a mask."""
        return Votes(item=self.item[rows], rater=self.rater[rows], is_yes=self.is_yes[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Raters:
    """What each rater is worth, by number."""

    sensitivity: Floats
    """Share of the faults in front of them that they find."""
    specificity: Floats
    """Share of good work that they let pass."""
    prevalence: float
    """Share of faults among the items judged twice."""

    @property
    def weight(self) -> Floats:
        """How much a verdict tells: one of who never errs, near zero of who guesses (Youden's J).

        It is the same for a yes and a no, so weighing does not move the share of faults.
        """
        return np.clip(self.sensitivity + self.specificity - 1.0, LOWEST_WEIGHT, 1.0)

    def posterior(self, votes: Votes, *, items: int) -> Floats:
        """Give the probability of a fault of each item, after all its votes."""
        margin = np.full(items, _logit(self.prevalence))
        yes = np.log(self.sensitivity) - np.log1p(-self.specificity)
        no = np.log1p(-self.sensitivity) - np.log(self.specificity)
        np.add.at(margin, votes.item, np.where(votes.is_yes, yes[votes.rater], no[votes.rater]))
        result: Floats = 1.0 / (1.0 + np.exp(-margin))
        return result


def fit_raters(votes: Votes, *, raters: int) -> Raters | None:
    """Learn each rater from the items that two or more judged.

    Items judged once are left out: who is given the hard ones must not look severe. With two
    raters both get the error that their agreement shows. None where too few items were judged
    twice.
    """
    doubles = votes.take(_is_double(votes))
    items = np.unique(doubles.item)
    if len(items) < FEWEST_DOUBLES:
        return None
    doubles = Votes(
        item=np.searchsorted(items, doubles.item), rater=doubles.rater, is_yes=doubles.is_yes
    )
    if len(np.unique(doubles.rater)) < FEWEST_RATERS:
        return _alike(doubles, raters=raters, items=len(items))
    return _by_rounds(doubles, raters=raters, items=len(items))


def _by_rounds(votes: Votes, *, raters: int, items: int) -> Raters:
    """Expectation and maximisation until the probabilities of the items stand still."""
    belief = _share_of_yes(votes, items=items)
    fitted = _fitted(votes, belief=belief, raters=raters)
    for _ in range(ROUNDS):
        again = fitted.posterior(votes, items=items)
        is_still = float(np.max(np.abs(again - belief))) < TOLERANCE
        belief = again
        fitted = _fitted(votes, belief=belief, raters=raters)
        if is_still:
            break
    return fitted


def _fitted(votes: Votes, *, belief: Floats, raters: int) -> Raters:
    faulty = belief[votes.item]
    found = np.bincount(votes.rater, weights=faulty * votes.is_yes, minlength=raters)
    faults = np.bincount(votes.rater, weights=faulty, minlength=raters)
    passed = np.bincount(votes.rater, weights=(1 - faulty) * ~votes.is_yes, minlength=raters)
    good = np.bincount(votes.rater, weights=1 - faulty, minlength=raters)
    return Raters(
        sensitivity=(found + SENSITIVITY_PRIOR[0]) / (faults + sum(SENSITIVITY_PRIOR)),
        specificity=(passed + SPECIFICITY_PRIOR[0]) / (good + sum(SPECIFICITY_PRIOR)),
        prevalence=float(np.clip(belief.mean(), 1e-4, 1 - 1e-4)),
    )


def _alike(votes: Votes, *, raters: int, items: int) -> Raters:
    """One error e for all, from the share of pairs that agree: (1 - e)^2 + e^2."""
    share = _share_of_yes(votes, items=items)
    agreement = float(np.mean((share == 0.0) | (share == 1.0)))
    error = (1.0 - np.sqrt(max(2.0 * agreement - 1.0, 0.0))) / 2.0
    right = np.full(raters, np.clip(1.0 - error, 0.5 + LOWEST_WEIGHT / 2, 1.0 - 1e-3))
    return Raters(
        sensitivity=right,
        specificity=right,
        prevalence=float(np.clip(share.mean(), 1e-4, 1 - 1e-4)),
    )


def _is_double(votes: Votes) -> Flags:
    count = np.bincount(votes.item)
    is_double: Flags = count[votes.item] >= 2  # noqa: PLR2004 - two make a double
    return is_double


def _share_of_yes(votes: Votes, *, items: int) -> Floats:
    yes = np.bincount(votes.item, weights=votes.is_yes.astype(np.float64), minlength=items)
    share: Floats = yes / np.maximum(np.bincount(votes.item, minlength=items), 1)
    return share


def _logit(probability: float) -> float:
    return float(np.log(probability) - np.log1p(-probability))
