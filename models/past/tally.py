"""How often something turned out so, by code, drawn to what is usual while cases are few."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """For each code: how many cases were settled, and the sum of their outcomes."""

    count: list[int] = field(default_factory=list)
    total: list[float] = field(default_factory=list)

    def add(self, code: int, outcome: float) -> None:
        """Count one settled case."""
        while len(self.count) <= code:
            self.count.append(0)
            self.total.append(0.0)
        self.count[code] += 1
        self.total[code] += outcome

    def shrunk_mean(self, code: int, *, prior: float, strength: float) -> float:
        """Mean outcome of a code, drawn to `prior` as if `strength` cases had shown it."""
        if not 0 <= code < len(self.count):
            return prior
        return (self.total[code] + strength * prior) / (self.count[code] + strength)
