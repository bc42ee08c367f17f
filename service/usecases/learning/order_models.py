"""Order a change of the models: who did, what, and one order after the other."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, JobStatus, ModelOrder, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import OrderUnderWayError
from service.domain.model_job import ModelJob
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork
from service.wire.models import JobView

ABANDONED = "the command that carried it out was ended; order it again"
TOLD = ("bundle", "version", "promoted", "gate", "reasons", "rows", "rows_of_trail",
        "needs_retraining")  # fmt: skip
"""What of a result stands in the trail; figures stand with the version in the registry."""


def require_model_role(actor: Actor) -> None:
    """Let data scientists and administrators through; no key orders anything of the models.

    Raises NotAllowedError.
    """
    actor.require_role(Role.DATA_SCIENTIST, Role.ADMIN)


def order_models(
    ordered: ModelOrder,
    *,
    version: int | None = None,
    actor_id: str,
    is_at_shell: bool = False,
    uow: UnitOfWork,
    now: datetime,
    ids: Ids,
) -> ModelJob:
    """Store an order and write down who gave it; whoever called has it carried out.

    Raises OrderUnderWayError while another waits or runs.
    """
    for other in uow.jobs.unfinished():
        raise OrderUnderWayError(other.id, ordered=other.ordered, status=other.status)
    job = ModelJob(
        id=ids.new("job"),
        ordered=ordered,
        version=version,
        actor_id=actor_id,
        ordered_at=now,
        is_at_shell=is_at_shell,
    )
    uow.jobs.add(job)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.MODEL_CHANGE_ORDERED,
            at=now,
            actor_id=actor_id,
            subject=job.id,
            facts={"order": ordered, "version": version},
        )
    )
    return job


def begin_order(job_id: str, *, uow: UnitOfWork, now: datetime) -> ModelJob | None:
    """Begin to carry an order out, once more if whoever began it died; None once it has ended."""
    job = uow.jobs.get(job_id)
    if job is None or job.is_finished:
        return None
    if job.ordered is ModelOrder.RETRAIN and job.status is JobStatus.WAITING:
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.RETRAINING_STARTED,
                at=now,
                actor_id=job.actor_id,
                subject=job.id,
            )
        )
    begun = job.started(at=now)
    uow.jobs.save(begun)
    return begun


def end_order(job: ModelJob, *, uow: UnitOfWork, now: datetime) -> None:
    """Store an order that has ended, and write down what came of it."""
    uow.jobs.save(job)
    is_retraining = job.ordered is ModelOrder.RETRAIN
    told = {name: job.result[name] for name in TOLD if name in job.result}
    uow.audit.record(
        AuditEntry(
            event=(
                AuditEvent.RETRAINING_FINISHED
                if is_retraining
                else AuditEvent.MODEL_CHANGE_FINISHED
            ),
            at=now,
            actor_id=job.actor_id,
            subject=job.id,
            facts={
                "order": job.ordered,
                "version": job.version,
                "status": job.status,
                "why": job.why,
                **told,
            },
        )
    )


def end_abandoned(*, uow: UnitOfWork, now: datetime) -> None:
    """End the orders of commands that are gone; call it while no command carries any out."""
    for job in uow.jobs.unfinished():
        if job.is_at_shell:
            end_order(job.failed(ABANDONED, at=now), uow=uow, now=now)


def job_view(job: ModelJob) -> JobView:
    """Give an order as people see it."""
    return JobView(
        id=job.id,
        ordered=job.ordered,
        version=job.version,
        actor_id=job.actor_id,
        status=job.status,
        ordered_at=job.ordered_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        result=job.result,
        why=job.why,
    )
