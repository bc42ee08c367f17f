"""Effective-dated lookups: which value holds for a code on a day, for whole columns at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.codes import UNKNOWN
from models.columns import Ints

DAY_BITS = 17
"""Day numbers up to 131,071 (the year 2328); records end in 2100."""
PAIR_BITS = 22
"""Four million names a codebook: two codes and a day share one 64-bit key."""
FEWEST_TO_STEP = 16_384
MOST_STEPS = 6
MOST_DENSE_CODE = 1 << 20
"""Codes of names are dense; pairs of codes are not, and a table of them would be too large."""
ALWAYS = 0
"""A day number before every day a record may carry."""


class Span(NamedTuple):
    """A value that holds for `code` from `first_day` to `last_day`, both included.

    Where spans overlap the higher rank holds, then the later first day, then the later given.
    """

    code: int
    first_day: int
    last_day: int | None
    value: int
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Values by code and day, compiled into one sorted key column."""

    keys: Ints
    values: Ints
    missing: int = UNKNOWN
    _first_step: Ints | None = None
    """By code, its first key, and one more at the end; None where codes are too far apart."""
    _most_steps: int = 0

    @classmethod
    def build(cls, spans: Iterable[Span], *, missing: int = UNKNOWN) -> Timeline:
        """Compile spans; `missing` is the answer where none holds."""
        by_code: dict[int, list[Span]] = defaultdict(list)
        for span in spans:
            by_code[span.code].append(span)
        keys: list[int] = []
        values: list[int] = []
        for code in sorted(by_code):
            for day, value in _steps(by_code[code], missing=missing):
                keys.append(code << DAY_BITS | day)
                values.append(value)
        found = np.array(keys, dtype=np.int64)
        first_step, most_steps = _steps_by_code(found >> DAY_BITS)
        return cls(
            keys=found,
            values=np.array(values, dtype=np.int64),
            missing=missing,
            _first_step=first_step,
            _most_steps=most_steps,
        )

    def at(self, code: Ints, day: Ints) -> Ints:
        """Give the value that holds for each code on each day."""
        if not len(self.keys):
            return np.full(len(code), self.missing, dtype=np.int64)
        if self._first_step is not None and len(code) >= FEWEST_TO_STEP:
            return self._at_many(code, day, first_step=self._first_step)
        step = self.keys.searchsorted(code << DAY_BITS | day, side="right") - 1
        # Every code has a key of before all days; a smaller code than all wraps round to the last.
        is_own = self.keys[step] >> DAY_BITS == code
        return np.where(is_own, self.values[step], self.missing)

    def _at_many(self, code: Ints, day: Ints, *, first_step: Ints) -> Ints:
        """Walk the few steps of each code; a third of the time of a search for every row."""
        known = np.where((code >= 0) & (code < len(first_step) - 1), code, len(first_step) - 2)
        step, last = first_step[known], first_step[known + 1] - 1
        is_own = (known == code) & (step <= last)
        step = np.minimum(step, len(self.keys) - 1)
        wanted = code << DAY_BITS | day
        for _ in range(self._most_steps - 1):
            later = np.minimum(step + 1, last)
            step = np.where(is_own & (self.keys[later] <= wanted), np.maximum(step, later), step)
        return np.where(is_own, self.values[step], self.missing)


def pair(first: Ints, second: Ints) -> Ints:
    """Join two codes into one that a timeline can hold."""
    return first << PAIR_BITS | second


def _steps_by_code(codes: Ints) -> tuple[Ints | None, int]:
    if not len(codes) or codes[-1] > MOST_DENSE_CODE or codes[0] < 0:
        return None, 0
    count = np.bincount(codes)
    most = int(count.max())
    if most > MOST_STEPS:
        return None, 0
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(count))), most


def _steps(spans: list[Span], *, missing: int) -> list[tuple[int, int]]:
    """The value from each day on at which it changes, beginning before all days."""
    days = {ALWAYS}
    for span in spans:
        days.add(span.first_day)
        if span.last_day is not None:
            days.add(span.last_day + 1)
    return [(day, _value_on(spans, day, missing=missing)) for day in sorted(days)]


def _value_on(spans: list[Span], day: int, *, missing: int) -> int:
    holding = [
        (span.rank, span.first_day, place, span.value)
        for place, span in enumerate(spans)
        if span.first_day <= day and (span.last_day is None or day <= span.last_day)
    ]
    return max(holding)[3] if holding else missing
