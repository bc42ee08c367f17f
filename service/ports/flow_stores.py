"""What is kept of flows that people hold back: the engine itself knows nothing of reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHold:
    """A flow that somebody paused, or a queue that somebody stopped."""

    name: str
    """Id of the flow, or name of the queue."""
    queue: str
    """Where it goes on."""
    by_id: str
    reason: str
    at: datetime
    resume_at: datetime | None = None
    """Before when it must not go on: a pause shortens no undo window."""


class FlowHoldStore(Protocol):
    """Holds; a released one is gone, and the audit trail tells of it."""

    def add(self, hold: FlowHold) -> None:
        """Store a hold."""
        ...

    def get(self, name: str) -> FlowHold | None:
        """Give the hold on a flow or a queue."""
        ...

    def all(self) -> list[FlowHold]:
        """Give every hold, oldest first."""
        ...

    def remove(self, name: str) -> None:
        """Release a flow or a queue."""
        ...
