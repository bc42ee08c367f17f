"""Retrain by plan: when enough days have gone by, or when the last look at drift asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.schemas.vocabulary import JobStatus, ModelOrder
from service.domain.actor import POLICY
from service.domain.model_job import ModelJob
from service.ports.clock import Ids
from service.ports.engine import Engine
from service.ports.stores import UnitOfWork
from service.usecases.learning.order_models import order_models


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrainingPlan:
    """When models are trained without anybody's order."""

    every: timedelta | None
    """None: never by the calendar."""
    on_drift: bool
    drift_every: timedelta
    """How often is looked for drift, where drift counts."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is ever due."""
        return self.every is None and not self.on_drift


def order_if_due(
    plan: RetrainingPlan, *, uow: UnitOfWork, engine: Engine, now: datetime, ids: Ids
) -> ModelJob | None:
    """Order what is due now, in the name of policy; give the order if there is one."""
    due = due_order(plan, uow=uow, now=now)
    if due is None:
        return None
    job = order_models(due, actor_id=POLICY.id, uow=uow, now=now, ids=ids)
    engine.enqueue_order(uow, job.id)
    return job


def due_order(plan: RetrainingPlan, *, uow: UnitOfWork, now: datetime) -> ModelOrder | None:
    """Give what is due now; nothing while an order waits or runs.

    What was never done is due at once; what failed is tried again a whole period later.
    """
    if plan.is_empty or uow.jobs.unfinished():
        return None
    trained = uow.jobs.newest(ModelOrder.RETRAIN)
    if plan.every is not None and _is_older(trained, than=plan.every, now=now):
        return ModelOrder.RETRAIN
    if not plan.on_drift:
        return None
    looked = uow.jobs.newest(ModelOrder.DRIFT)
    if _asks_for_training(looked, trained):
        return ModelOrder.RETRAIN
    return ModelOrder.DRIFT if _is_older(looked, than=plan.drift_every, now=now) else None


def _is_older(job: ModelJob | None, *, than: timedelta, now: datetime) -> bool:
    return job is None or now >= job.ordered_at + than


def _asks_for_training(looked: ModelJob | None, trained: ModelJob | None) -> bool:
    if looked is None or looked.status is not JobStatus.DONE:
        return False
    is_answered = trained is not None and trained.ordered_at > looked.ordered_at
    return bool(looked.result.get("needs_retraining")) and not is_answered
