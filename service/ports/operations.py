"""Reads for the operations page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.domain.wall import Wall
from service.wire.operations import OperationsView


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Which days, and whose items; None means all."""

    since: datetime
    until: datetime
    client_id: str | None = None
    business_unit: str | None = None


class Operations(Protocol):
    """What waits and what was done over a period, within a wall."""

    def view(self, period: Period, *, wall: Wall) -> OperationsView:
        """Add everything up."""
        ...
