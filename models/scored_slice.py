"""Items with their score and verdict, as a certificate counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.columns import Flags, Floats, Ints
from models.thinning import uniforms


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSlice:
    """Items no rule had proved, with their score; amounts in reporting minor units."""

    item_id: tuple[str, ...]
    segment: tuple[str, ...]
    score: Floats
    amount: Floats
    is_violation: Flags
    propensity: Floats
    era: tuple[str, ...]
    """The bundle that routed the item: propensities are comparable within one era only."""

    def __len__(self) -> int:
        return len(self.score)

    def take(self, rows: Flags) -> ScoredSlice:
        """Give the rows of a mask."""
        return self.at(np.flatnonzero(rows))

    def at(self, places: Ints) -> ScoredSlice:
        """Give the rows at some places, in their order."""
        return ScoredSlice(
            item_id=_pick(self.item_id, places),
            segment=_pick(self.segment, places),
            score=self.score[places],
            amount=self.amount[places],
            is_violation=self.is_violation[places],
            propensity=self.propensity[places],
            era=_pick(self.era, places),
        )

    def in_segments(self, members: tuple[str, ...]) -> ScoredSlice:
        """Give the rows of some segments."""
        return self.take(np.isin(np.array(self.segment, dtype=object), members))


def countable(calibrate: ScoredSlice, *, cap: float, salt: str) -> ScoredSlice:
    """Give the items a test may count, all with the same chance, in the order they are bet on."""
    within = calibrate.take(calibrate.amount <= cap)
    uniform = within.take(_uniform_sample(within, salt=salt))
    order = np.argsort(uniforms(uniform.item_id, salt=f"{salt}.money"), kind="stable")
    return uniform.at(order)


def _uniform_sample(calibrate: ScoredSlice, *, salt: str) -> Flags:
    """Keep each item with its era's smallest propensity over its own: then all count alike."""
    era = np.array(calibrate.era, dtype=object)
    keep = np.ones(len(calibrate))
    for name in set(calibrate.era):
        rows = era == name
        keep[rows] = calibrate.propensity[rows].min() / calibrate.propensity[rows]
    sample: Flags = np.ones(len(calibrate), dtype=np.bool_)
    tossed = np.flatnonzero(keep < 1.0)
    coins = uniforms(_pick(calibrate.item_id, tossed), salt=f"{salt}.uniform")
    sample[tossed] = coins < keep[tossed]
    return sample


def _pick(names: Sequence[str], places: Ints) -> tuple[str, ...]:
    return tuple(names[place] for place in places.tolist())
