"""Training that only remembers what it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.schemas.vocabulary import ModelOrder
from service.domain.model_job import ModelJob
from service.ports.training import TrainingFailedError


class FakeTraining:
    """Gives `results` by order, keeps `orders` and the rows they came with.

    With `fails` every run ends with that text.
    """

    def __init__(self) -> None:
        self.orders: list[tuple[ModelOrder, int | None]] = []
        self.rows: list[Sequence[Path]] = []
        self.options: list[Sequence[str]] = []
        self.results: dict[ModelOrder, Mapping[str, Any]] = {}
        self.fails = ""

    def carry_out(
        self, job: ModelJob, *, rows: Sequence[Path], options: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        self.orders.append((job.ordered, job.version))
        self.rows.append(rows)
        self.options.append(options)
        if self.fails:
            raise TrainingFailedError(self.fails)
        given = {"bundle": f"b-{job.version}", "version": job.version}
        return self.results.get(job.ordered, given)


class NoRows:
    """An export that has nothing to give."""

    def export(self, *, actor_id: str) -> Sequence[Path]:
        return ()


def unused(job_id: str) -> None:
    """Stand in where no order is expected."""
    raise AssertionError(f"{job_id} was carried out, though nobody ordered anything")
