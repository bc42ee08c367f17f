"""Lines and days as the distinct pairs among many rows, so that each pair is looked up once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.columns import Ints

FEWEST_FOR_PAIRS = 4_096
"""Below this many rows finding the distinct pairs costs more than it saves."""
CELLS_PER_ROW = 8
"""A table of all lines and days is worth its memory up to this many cells a row."""

Lookup = Callable[[Ints, Ints], Ints]
"""What holds for lines on days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDays:
    """Distinct pairs of line and day, and the pair of each row."""

    line: Ints
    day: Ints
    place: Ints | None
    """None where every row is a pair of its own."""

    @classmethod
    def of(cls, line: Ints, day: Ints) -> LineDays:
        """Find the distinct pairs."""
        if len(line) < FEWEST_FOR_PAIRS:
            return cls(line=line, day=day, place=None)
        first = int(day.min())
        width = int(day.max()) - first + 1
        cells = line * width + (day - first)
        found, place = _distinct(cells, size=(int(line.max()) + 1) * width)
        return cls(line=found // width, day=found % width + first, place=place)

    def each(self, lookup: Lookup) -> Ints:
        """Look up every pair, and give the answer of each row."""
        found = lookup(self.line, self.day)
        return found if self.place is None else found[self.place]


def _distinct(cells: Ints, *, size: int) -> tuple[Ints, Ints]:
    if size > CELLS_PER_ROW * len(cells):
        return np.unique(cells, return_inverse=True)
    is_there = np.zeros(size, dtype=np.bool_)
    is_there[cells] = True
    found = np.flatnonzero(is_there)
    place_of_cell = np.cumsum(is_there) - 1
    return found, place_of_cell[cells]
