"""Training, as the service sees it: another program that is told what to do and says what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from service.domain.model_job import ModelJob


class TrainingFailedError(RuntimeError):
    """The training process ended without a result."""


class Training(Protocol):
    """Carries an order out in a process of its own."""

    def carry_out(
        self, job: ModelJob, *, rows: Sequence[Path], options: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        """Do what was ordered; give the result. Raises TrainingFailedError.

        `options` are those of the training program's own command.
        """
        ...


class RowExport(Protocol):
    """Takes the training rows out of the audit trail."""

    def export(self, *, actor_id: str) -> Sequence[Path]:
        """Write the rows to files and give their paths. Raises TrailMismatchError."""
        ...
