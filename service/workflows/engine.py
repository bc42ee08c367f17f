"""The enqueuing side of the durable engine: work commits with the decision that causes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from dbos import (
    DBOSClient,
    DBOSPortableJSONSerializer,
    EnqueueOptions,
    run_dbos_database_migrations,
)
from sqlalchemy import Connection

from service.ports.stores import UnitOfWork

QUEUE, MODELS_QUEUE = "posting", "models"
POST, CONCLUDE, ORDER = "post_billings", "conclude_decision", "carry_out_order"
PARALLEL_WORKFLOWS = 8
"""Workflows at a time; a ledger that must post one by one holds its own lock around each bill."""
AT_ONCE, BULK = 0, 10
"""The lower goes first: one person's decision never waits behind a month's end."""
CHUNK = 50
"""Postings to one workflow: bulk work costs a workflow per chunk, not per line."""


class _HasConnection(Protocol):
    connection: Connection


class DbosEngine:
    """Enqueues workflows in the caller's transaction; a rollback takes them back."""

    def __init__(self, database_url: str) -> None:
        self._client = DBOSClient(
            system_database_url=database_url, serializer=DBOSPortableJSONSerializer()
        )

    def enqueue_postings(self, uow: UnitOfWork, posting_ids: Sequence[str]) -> None:
        """Post as soon as the transaction commits, in chunks."""
        for start in range(0, len(posting_ids), CHUNK):
            chunk = list(posting_ids[start : start + CHUNK])
            priority = BULK if len(posting_ids) > 1 else AT_ONCE
            self._enqueue(uow, POST, f"{POST}-{chunk[0]}", chunk, priority=priority)

    def enqueue_retry(
        self,
        uow: UnitOfWork,
        posting_ids: Sequence[str],
        *,
        retry_id: str,
        delay_seconds: float = 0.0,
    ) -> None:
        """Post postings once more; one that waits costs a row, and no memory of the worker."""
        # A workflow id stands for one run for ever, so every retry brings its own.
        self._enqueue(
            uow, POST, f"{POST}-{retry_id}", list(posting_ids), delay_seconds=delay_seconds
        )

    def enqueue_conclusion(
        self, uow: UnitOfWork, decision_id: str, *, delay_seconds: float
    ) -> None:
        """Conclude a decision once its undo window is over."""
        self._enqueue(
            uow, CONCLUDE, f"{CONCLUDE}-{decision_id}", decision_id, delay_seconds=delay_seconds
        )

    def enqueue_order(self, uow: UnitOfWork, job_id: str) -> None:
        """Carry an order to the models out, one after the other."""
        self._enqueue(uow, ORDER, f"{ORDER}-{job_id}", job_id, queue=MODELS_QUEUE)

    def close(self) -> None:
        """Let go of the database."""
        self._client.destroy()

    def _enqueue(
        self,
        uow: UnitOfWork,
        workflow: str,
        workflow_id: str,
        argument: str | list[str],
        *,
        delay_seconds: float = 0.0,
        queue: str = QUEUE,
        priority: int = AT_ONCE,
    ) -> None:
        options: EnqueueOptions = {
            "queue_name": queue,
            "workflow_name": workflow,
            "workflow_id": workflow_id,
        }
        if priority != AT_ONCE:
            options["priority"] = priority
        if delay_seconds > 0:
            options["delay_seconds"] = delay_seconds
        connection = cast("_HasConnection", uow).connection
        self._client.enqueue_in_transaction(connection, options, argument)


def prepare_engine(database_url: str) -> None:
    """Create or bring up to date the engine's own tables in our database."""
    run_dbos_database_migrations(system_database_url=database_url)
