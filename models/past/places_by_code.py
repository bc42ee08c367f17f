"""Where the rows of each code stand, as one growing array a code."""

from __future__ import annotations

import numpy as np

from models.columns import Ints
from models.stable_order import stable_order

FIRST_CAPACITY = 8


class PlacesByCode:
    """The places of the rows of each code, in the order they were appended."""

    def __init__(self) -> None:
        self._places: dict[int, Ints] = {}
        self._count: dict[int, int] = {}

    def append(self, codes: Ints, *, start: int) -> None:
        """Take rows that stand at `start` and after it."""
        if not len(codes):
            return
        order = stable_order(codes)
        ordered = codes[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
        stops = np.append(starts[1:], len(ordered))
        places = order + start
        for code, low, high in zip(
            ordered[starts].tolist(), starts.tolist(), stops.tolist(), strict=True
        ):
            self._extend(code, places[low:high])

    def of(self, codes: Ints) -> Ints:
        """Give the places of the rows of distinct codes, in order."""
        parts = [
            self._places[code][: self._count[code]]
            for code in codes.tolist()
            if code in self._places
        ]
        if len(parts) == 1:
            return parts[0].copy()
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)

    def _extend(self, code: int, places: Ints) -> None:
        count = self._count.get(code, 0)
        held = self._places.get(code)
        needed = count + len(places)
        if held is None or needed > len(held):
            larger = np.empty(max(FIRST_CAPACITY, needed, 2 * count), dtype=np.int64)
            if held is not None:
                larger[:count] = held[:count]
            self._places[code] = held = larger
        held[count:needed] = places
        self._count[code] = needed
