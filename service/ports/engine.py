"""Durable work, and what a deciding use case needs from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from service.ports.clock import Ids
from service.ports.stores import UnitOfWork


class Engine(Protocol):
    """Durable work, enqueued in the transaction that decides it."""

    def enqueue_postings(self, uow: UnitOfWork, posting_ids: Sequence[str]) -> None:
        """Post as soon as the transaction commits, in chunks."""
        ...

    def enqueue_retry(
        self,
        uow: UnitOfWork,
        posting_ids: Sequence[str],
        *,
        retry_id: str,
        delay_seconds: float = 0.0,
    ) -> None:
        """Post postings once more, `delay_seconds` after the transaction commits.

        A `retry_id` stands for one run: the same one twice runs once.
        """
        ...

    def enqueue_conclusion(
        self, uow: UnitOfWork, decision_id: str, *, delay_seconds: float
    ) -> None:
        """Conclude a decision once its undo window is over."""
        ...

    def enqueue_order(self, uow: UnitOfWork, job_id: str) -> None:
        """Carry an order to the models out, one after the other."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """What a deciding use case needs from the outside."""

    uow: UnitOfWork
    engine: Engine
    ledger: str
    """Name of the business system that bills are posted to."""
    undo_window: timedelta
    now: datetime
    ids: Ids
