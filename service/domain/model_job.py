"""An order to the models: who ordered what, how far it has come, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from data.schemas.vocabulary import JobStatus, ModelOrder

UNFINISHED = frozenset({JobStatus.WAITING, JobStatus.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelJob:
    """One order. A change gives a new job."""

    id: str
    ordered: ModelOrder
    version: int | None
    """Which version; None for orders that name none."""
    actor_id: str
    ordered_at: datetime
    is_at_shell: bool = False
    """A command carries it out; else the worker does, again after it died."""
    status: JobStatus = JobStatus.WAITING
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: dict[str, Any] = field(default_factory=dict)
    why: str | None = None
    """Why it failed."""

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in UNFINISHED

    def started(self, *, at: datetime) -> ModelJob:
        """Begin; a job whose process died begins again."""
        return replace(self, status=JobStatus.RUNNING, started_at=at)

    def done(self, result: dict[str, Any], *, at: datetime) -> ModelJob:
        """End with a result."""
        return replace(self, status=JobStatus.DONE, result=result, ended_at=at)

    def failed(self, why: str, *, at: datetime) -> ModelJob:
        """End without one."""
        return replace(self, status=JobStatus.FAILED, why=why, ended_at=at)
