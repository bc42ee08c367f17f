"""What months of work at an installation came to, and how months are added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(slots=True)
class Month:
    """What one month of one arm came to; money in reporting currency, leakage at its size."""

    arrived: int = 0
    reviewed: int = 0
    reviewer_seconds: float = 0.0
    caught: float = 0.0
    """Leakage of items in which a person found a fault."""
    missed: float = 0.0
    """Leakage of items billed as they stand: cleared, overlooked, or never come to."""
    cleared: int = 0
    cleared_wrong: int = 0
    cleared_money: float = 0.0
    cleared_wrong_money: float = 0.0
    alarms: int = 0

    @property
    def caught_per_hour(self) -> float:
        """Leakage caught in an hour of review."""
        return self.caught / (self.reviewer_seconds / 3600) if self.reviewer_seconds else 0.0

    @property
    def read_share(self) -> float:
        """Share of what arrived that a person read."""
        return _share(self.reviewed, self.arrived)

    @property
    def cleared_share(self) -> float:
        """Share of what arrived that was cleared without a person."""
        return _share(self.cleared, self.arrived)

    @property
    def error(self) -> float:
        """Share of what was cleared that bears a fault, in cases."""
        return _share(self.cleared_wrong, self.cleared)

    @property
    def error_in_money(self) -> float:
        """Share of what was cleared that bears a fault, in money."""
        return _share(self.cleared_wrong_money, self.cleared_money)


def added_up(months: Iterable[Month]) -> Month:
    """Give what all months came to together."""
    total = Month()
    for month in months:
        for field in fields(Month):
            setattr(total, field.name, getattr(total, field.name) + getattr(month, field.name))
    return total


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
