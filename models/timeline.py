"""Effective-dated lookups: which value holds for a code on a day, for whole columns at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.columns import UNKNOWN, Ints

DAY_BITS = 17
"""Day numbers up to 131,071 (the year 2328); records end in 2100."""
PAIR_BITS = 22
"""Four million names a codebook: two codes and a day share one 64-bit key."""
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
        return cls(
            keys=np.array(keys, dtype=np.int64),
            values=np.array(values, dtype=np.int64),
            missing=missing,
        )

    def at(self, code: Ints, day: Ints) -> Ints:
        """Give the value that holds for each code on each day."""
        if not len(self.keys):
            return np.full(len(code), self.missing, dtype=np.int64)
        step = np.searchsorted(self.keys, code << DAY_BITS | day, side="right") - 1
        is_own = (step >= 0) & (self.keys[step] >> DAY_BITS == code)
        return np.where(is_own, self.values[step], self.missing)


def pair(first: Ints, second: Ints) -> Ints:
    """Join two codes into one that a timeline can hold."""
    return first << PAIR_BITS | second


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
