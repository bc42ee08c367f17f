"""What is kept of released models: checks and alarms, a challenger's answers, and orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import ModelOrder
from service.domain.check import Alarm, CheckDraw, CountedCheck, OpenCheck
from service.domain.model_job import ModelJob
from service.domain.shadow import JudgedShadow, ShadowScore


class CheckStore(Protocol):
    """Checks of cleared items: drawn with the assessment, counted once."""

    def add(self, draws: Sequence[CheckDraw]) -> None:
        """Store who was drawn."""
        ...

    def segment_of(self, assessment_id: str) -> str | None:
        """Give the segment in which an assessed item was drawn, None where it was not."""
        ...

    def open(self, segment: str) -> list[OpenCheck]:
        """Give what is not counted yet, in the order in which it was drawn."""
        ...

    def count(self, assessment_id: str, *, is_wrong: bool | None, at: datetime) -> None:
        """Append that a check was counted; None where it was passed over."""
        ...

    def counted(self, *, after: datetime | None, segment: str) -> list[CountedCheck]:
        """Give the checks drawn after a moment that were counted, without those passed over."""
        ...

    def segments(self) -> list[str]:
        """Give every segment in which anything was drawn."""
        ...


class WatchStore(Protocol):
    """The state of each segment's watch, and the alarms there were."""

    def state(self, segment: str) -> str | None:
        """Give the state as the watcher wrote it."""
        ...

    def save(self, segment: str, *, state: str, at: datetime) -> None:
        """Write the state."""
        ...

    def sound(self, *, segment: str, bundle: str, why: str, at: datetime) -> Alarm:
        """Append an alarm and give it with its number."""
        ...

    def newest_alarms(self) -> dict[str, Alarm]:
        """Give the newest alarm of each segment that ever had one."""
        ...


class ShadowStore(Protocol):
    """What challengers said, beside the champion."""

    def add(self, scores: Sequence[ShadowScore]) -> None:
        """Store scores."""
        ...

    def judged(self, bundle: str) -> Iterator[JudgedShadow]:
        """Give every score of a challenger with what people have said since."""
        ...


class JobStore(Protocol):
    """Orders to the models."""

    def add(self, job: ModelJob) -> None:
        """Store a new order."""
        ...

    def get(self, job_id: str) -> ModelJob | None:
        """Give an order."""
        ...

    def save(self, job: ModelJob) -> None:
        """Write a changed order."""
        ...

    def unfinished(self) -> list[ModelJob]:
        """Give the orders that wait or run, oldest first."""
        ...

    def recent(self, *, before: str | None, limit: int) -> list[ModelJob]:
        """Give the newest orders, or those before one of them, newest first."""
        ...

    def newest(self, *ordered: ModelOrder) -> ModelJob | None:
        """Give the newest order of these kinds."""
        ...
