"""Carry an order to the models out: export what is needed, run training, say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.schemas.vocabulary import ModelOrder
from service.domain.errors import CountersignError, NotFoundError
from service.domain.model_job import ModelJob
from service.ports.stores import UnitOfWork
from service.ports.training import RowExport, Training, TrainingFailedError
from service.usecases.learning.order_models import begin_order, end_order

OF_ROWS = frozenset({ModelOrder.RETRAIN, ModelOrder.DRIFT})
"""Orders that look at what the trail holds."""
OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What orders are carried out with."""

    open_work: OpenWork
    rows: RowExport
    training: Training
    now: Callable[[], datetime]


def carry_out_order(job_id: str, *, workshop: Workshop, options: Sequence[str] = ()) -> ModelJob:
    """Carry an order out and give it as it ended; no transaction is open while training runs.

    What fails is the order's own end, never an error of whoever carries it out. Safe to repeat:
    an order that has ended stays as it is. Raises NotFoundError for an unknown one.
    """
    with workshop.open_work() as uow:
        job = begin_order(job_id, uow=uow, now=workshop.now())
        if job is None:
            return _ended(job_id, uow)
    try:
        rows: Sequence[Path] = ()
        if job.ordered in OF_ROWS:
            rows = workshop.rows.export(actor_id=job.actor_id)
        result = workshop.training.carry_out(job, rows=rows, options=options)
        ended = job.done(dict(result), at=workshop.now())
    except (TrainingFailedError, CountersignError) as error:
        ended = job.failed(str(error), at=workshop.now())
    with workshop.open_work() as uow:
        end_order(ended, uow=uow, now=workshop.now())
    return ended


def _ended(job_id: str, uow: UnitOfWork) -> ModelJob:
    job = uow.jobs.get(job_id)
    if job is None:
        raise NotFoundError("job", job_id)
    return job
