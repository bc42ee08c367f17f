"""A durable engine that only remembers, in the same transaction as everything else."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Float, Integer, MetaData, Table, Text, insert, select

ENQUEUED = Table(
    "fake_enqueued",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("work", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("delay_seconds", Float, nullable=False),
)


class EngineDownError(Exception):
    """The engine was told to fail."""


class FakeEngine:
    """Keeps what was enqueued in a table of its own: a rollback takes it back.

    With `is_down` every call raises EngineDownError.
    """

    def __init__(self) -> None:
        self.is_down = False

    def enqueue_postings(self, uow, posting_ids: Sequence[str]) -> None:
        for posting_id in posting_ids:
            self._keep(uow, "post", posting_id, 0.0)

    def enqueue_retry(
        self, uow, posting_ids: Sequence[str], *, retry_id: str, delay_seconds: float = 0.0
    ) -> None:
        for posting_id in posting_ids:
            self._keep(uow, "post", posting_id, delay_seconds)

    def enqueue_conclusion(self, uow, decision_id: str, *, delay_seconds: float) -> None:
        self._keep(uow, "conclude", decision_id, delay_seconds)

    def enqueue_order(self, uow, job_id: str) -> None:
        self._keep(uow, "order", job_id, 0.0)

    def enqueued(self, connection: Connection) -> list[tuple[str, str, float]]:
        """Give what was enqueued and committed, in order: work, subject and delay."""
        query = select(ENQUEUED).order_by(ENQUEUED.c.number)
        return [(row.work, row.subject_id, row.delay_seconds) for row in connection.execute(query)]

    def _keep(self, uow, work: str, subject_id: str, delay_seconds: float) -> None:
        if self.is_down:
            raise EngineDownError
        uow.connection.execute(
            insert(ENQUEUED).values(work=work, subject_id=subject_id, delay_seconds=delay_seconds)
        )
