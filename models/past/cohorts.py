"""Outcomes that count only once enough time has passed for them to show."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict


class Cohorts:
    """For each code: when its cases began, and when those began that turned out so.

    Counting cases as they are resolved favours what resolves early; here a case counts from the
    day on which either answer would be known.
    """

    def __init__(self) -> None:
        self._began: defaultdict[int, list[int]] = defaultdict(list)
        self._turned: defaultdict[int, list[int]] = defaultdict(list)

    def begin(self, code: int, *, at_us: int) -> None:
        """Count a case."""
        insort(self._began[code], at_us)

    def turn(self, code: int, *, began_us: int) -> None:
        """Say of a case that began at `began_us` that it turned out so, within its time."""
        insort(self._turned[code], began_us)

    def shrunk_rate(self, code: int, *, before_us: int, prior: float, strength: float) -> float:
        """Share of the cases begun before a time, drawn to `prior` by `strength` cases."""
        cases = bisect_left(self._began.get(code, []), before_us)
        turned = bisect_left(self._turned.get(code, []), before_us)
        return (turned + strength * prior) / (cases + strength)
