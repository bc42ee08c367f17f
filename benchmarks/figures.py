"""What a benchmark hands back: measured numbers, each beside its peer of the same run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number; `ratio` is ours over the peer's, in the words of `ratio_reads`."""

    what: str
    ours: float
    unit: str
    peer: str = ""
    peers: float | None = None
    ratio_reads: str = ""

    @property
    def ratio(self) -> float | None:
        """Give ours over the peer's, None without a peer."""
        return self.ours / self.peers if self.peers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The figures of one benchmark, and how they were taken."""

    name: str
    title: str
    how: str
    figures: Sequence[Figure]


def percentile(values: Sequence[float], share: float) -> float:
    """Give the nearest-rank percentile of measured values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
