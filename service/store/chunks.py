"""Long lists in parts that a database takes as bound parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
LONGEST = 400
"""SQLite takes 32,766 parameters; pairs of 400 stay far below on every build."""


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the values in order, at most LONGEST at a time."""
    for start in range(0, len(values), LONGEST):
        yield values[start : start + LONGEST]
