"""What is kept of failures: the postings in trouble, and how the systems fare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from service.domain.circuit import Circuit
from service.domain.failure import Failure
from service.domain.wall import Wall


class FailureStore(Protocol):
    """The last failure of each posting that had one."""

    def get(self, posting_id: str) -> Failure | None:
        """Give the failure of a posting."""
        ...

    def save(self, failure: Failure) -> None:
        """Write a failure, in the place of the one before."""
        ...

    def count_in_queue(self, reason: str) -> int:
        """Count what lies in the exception queue for the same reason."""
        ...

    def in_queue(self, reason: str, *, wall: Wall, limit: int) -> list[str]:
        """Give the postings in the exception queue for one reason within a wall, oldest first."""
        ...

    def late(self, *, now: datetime, limit: int) -> list[Failure]:
        """Give failures in the exception queue whose time has passed and nobody was told of."""
        ...

    def forgotten(self, *, before: datetime, limit: int) -> Sequence[str]:
        """Give pending postings that were due before a moment and wait for nothing."""
        ...


class CircuitStore(Protocol):
    """How each business system fares."""

    def get(self, system: str) -> Circuit:
        """Give the circuit of a system; one that never failed is closed."""
        ...

    def held(self, system: str) -> Circuit:
        """Give the same, and keep others from changing it until the transaction ends."""
        ...

    def save(self, circuit: Circuit) -> None:
        """Write a changed circuit."""
        ...
