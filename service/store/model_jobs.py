"""SQL of orders to the models."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from data.schemas.vocabulary import JobStatus, ModelOrder
from service.domain.model_job import UNFINISHED, ModelJob
from service.store.cursors import newest_behind
from service.store.model_tables import model_job


class SqlJobStore:
    """Orders to the models, newest and unfinished ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, job: ModelJob) -> None:
        """Store a new order."""
        self._connection.execute(insert(model_job).values(id=job.id, **_row_of(job)))

    def get(self, job_id: str) -> ModelJob | None:
        """Give an order."""
        query = select(model_job).where(model_job.c.id == job_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _job_of(row)

    def save(self, job: ModelJob) -> None:
        """Write a changed order."""
        self._connection.execute(
            update(model_job).where(model_job.c.id == job.id).values(**_row_of(job))
        )

    def unfinished(self) -> list[ModelJob]:
        """Give the orders that wait or run, oldest first."""
        query = (
            select(model_job)
            .where(model_job.c.status.in_([one.value for one in UNFINISHED]))
            .order_by(model_job.c.ordered_at, model_job.c.id)
        )
        return [_job_of(row) for row in self._connection.execute(query)]

    def recent(self, *, before: str | None, limit: int) -> list[ModelJob]:
        """Give the newest orders, or those before one of them, newest first."""
        query = newest_behind(
            select(model_job).limit(limit),
            before,
            order=(model_job.c.ordered_at, model_job.c.id),
            connection=self._connection,
        )
        return [_job_of(row) for row in self._connection.execute(query)]

    def newest(self, *ordered: ModelOrder) -> ModelJob | None:
        """Give the newest order of these kinds."""
        query = (
            select(model_job)
            .where(model_job.c.ordered.in_([one.value for one in ordered]))
            .order_by(model_job.c.ordered_at.desc(), model_job.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _job_of(row)


def _row_of(job: ModelJob) -> dict[str, Any]:
    return {
        "ordered": job.ordered.value,
        "version": job.version,
        "actor_id": job.actor_id,
        "status": job.status.value,
        "ordered_at": job.ordered_at,
        "is_at_shell": int(job.is_at_shell),
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "result": json.dumps(job.result),
        "why": job.why,
    }


def _job_of(row: Row[Any]) -> ModelJob:
    return ModelJob(
        id=row.id,
        ordered=ModelOrder(row.ordered),
        version=row.version,
        actor_id=row.actor_id,
        ordered_at=row.ordered_at,
        is_at_shell=bool(row.is_at_shell),
        status=JobStatus(row.status),
        started_at=row.started_at,
        ended_at=row.ended_at,
        result=json.loads(row.result or "{}"),
        why=row.why,
    )
