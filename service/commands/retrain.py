"""Retrain: export the rows from the audit trail, and let the training process do the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from data.firm.generate import FirmSize
from service.clock import SystemClock
from service.commands.opened import opened
from service.settings import Settings, environment
from service.usecases.export_training_set import export_training_set

ROWS_FILE = "training-rows.jsonl"
PAST_ROWS_FILE = "past-rows.parquet"
"""Labelled rows of a past before the audit trail began; used as long as they lie there."""


class TrainingFailedError(RuntimeError):
    """The training process ended without a result."""


def export_rows(settings: Settings, *, actor_id: str) -> Path:
    """Write the training rows of the audit trail to a file, and give its path."""
    with opened(settings) as work, work() as uow:
        rows = export_training_set(actor_id=actor_id, uow=uow, now=SystemClock().now())
    path = settings.home / ROWS_FILE
    path.write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    return path


def past_rows(settings: Settings) -> list[Path]:
    """Give the file of labelled rows from before the trail began, if there is one."""
    path = settings.home / PAST_ROWS_FILE
    return [path] if path.exists() else []


def make_firm_rows(settings: Settings, *, size: FirmSize, cut: datetime) -> Path:
    """Have the training process label the generated firm's past, as known at `cut`."""
    path = settings.home / PAST_ROWS_FILE
    _run(
        settings,
        "firm-rows",
        [
            f"--out={path.absolute()}",
            f"--people={size.people}",
            f"--clients={size.clients}",
            f"--contracts={size.contracts}",
            f"--months={size.months}",
            f"--seed={size.seed}",
            f"--end={size.end.isoformat()}",
            f"--until={cut.date().isoformat()}",
        ],
    )
    return path


def train(
    settings: Settings, *, rows: Sequence[Path], verdict_maturity_days: int | None = None
) -> dict[str, Any]:
    """Train on these rows; the gate decides whether the result is promoted.

    Items younger than `verdict_maturity_days` are left out; None leaves the age to training.
    Training runs in a process of its own: the service never imports it, and its memory is given
    back when it ends. Raises TrainingFailedError.
    """
    arguments = [f"--home={settings.home.absolute()}"]
    arguments += [f"--rows={path.absolute()}" for path in rows]
    if verdict_maturity_days is not None:
        arguments.append(f"--verdict-maturity-days={verdict_maturity_days}")
    return _run(settings, "train", arguments)


def roll_back(settings: Settings, *, version: int) -> dict[str, Any]:
    """Make an earlier version champion again; the running service takes it within a second."""
    home = f"--home={settings.home.absolute()}"
    return _run(settings, "rollback", [home, f"--version={version}"])


def _run(settings: Settings, command: str, arguments: Sequence[str]) -> dict[str, Any]:
    """Run a training command; its progress goes to standard error, its result comes back."""
    run = subprocess.run(  # noqa: S603 - our own module, arguments as a list
        [sys.executable, "-m", "training.cli", command, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(settings),
        check=False,
    )
    lines = run.stdout.strip().splitlines()
    if run.returncode != 0 or not lines:
        raise TrainingFailedError(
            f"training ended with {run.returncode}; the reason stands above on standard error"
        )
    result: dict[str, Any] = json.loads(lines[-1])
    return result
