"""Train and release models from the shell, by the same orders that the API takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from data.firm.generate import FirmSize
from data.schemas.vocabulary import JobStatus, ModelOrder
from service.clock import SystemIds
from service.connectors.shell_orders import ShellOrders
from service.connectors.training_rows import PAST_ROWS_FILE
from service.ports.training import TrainingFailedError
from service.settings import Settings
from service.usecases.learning.carry_out_order import carry_out_order
from service.usecases.learning.order_models import end_abandoned, order_models
from service.wiring.worker import build_workshop, training_process

SHELL = "command-line"
"""The actor of what is ordered at the shell."""


def change_models(
    settings: Settings,
    ordered: ModelOrder,
    *,
    version: int | None = None,
    actor_id: str = SHELL,
    options: Sequence[str] = (),
) -> dict[str, Any]:
    """Order a change of the models, carry it out here, and give its result.

    `options` are those of the training program's own command. Raises OrderUnderWayError while
    another order waits or runs, and TrainingFailedError.
    """
    workshop = build_workshop(settings, training=training_process(settings))
    with ShellOrders(settings.home).held():
        with workshop.open_work() as uow:
            end_abandoned(uow=uow, now=workshop.now())
            job = order_models(
                ordered,
                version=version,
                actor_id=actor_id,
                is_at_shell=True,
                uow=uow,
                now=workshop.now(),
                ids=SystemIds(),
            )
        ended = carry_out_order(job.id, workshop=workshop, options=options)
    if ended.status is JobStatus.FAILED:
        raise TrainingFailedError(ended.why or "")
    return ended.result


def train(
    settings: Settings, *, actor_id: str = SHELL, verdict_maturity_days: int | None = None
) -> dict[str, Any]:
    """Train on everything the trail holds; the gate decides whether the result is promoted.

    Items younger than `verdict_maturity_days` are left out; None leaves the age to training.
    Raises OrderUnderWayError and TrainingFailedError.
    """
    options = []
    if verdict_maturity_days is not None:
        options.append(f"--verdict-maturity-days={verdict_maturity_days}")
    return change_models(settings, ModelOrder.RETRAIN, actor_id=actor_id, options=options)


def ask_training(settings: Settings, *arguments: str) -> dict[str, Any]:
    """Run a command of the training program that changes nothing in force.

    Raises TrainingFailedError.
    """
    return training_process(settings).run(*arguments)


def make_firm_rows(settings: Settings, *, size: FirmSize, cut: datetime) -> Path:
    """Have the training process label the generated firm's past, as known at `cut`."""
    path = settings.home / PAST_ROWS_FILE
    ask_training(
        settings,
        "firm-rows",
        f"--out={path.absolute()}",
        f"--people={size.people}",
        f"--clients={size.clients}",
        f"--contracts={size.contracts}",
        f"--months={size.months}",
        f"--seed={size.seed}",
        f"--end={size.end.isoformat()}",
        f"--until={cut.date().isoformat()}",
    )
    return path
