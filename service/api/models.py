"""The models in force: what they promise, how they fare, and orders to change them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from data.schemas.vocabulary import ModelOrder, Role
from service.api.access import Caller, Parts
from service.api.body import RollbackBody
from service.api.pages import Cursor, Limit
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.domain.model_job import ModelJob
from service.ports.stores import UnitOfWork
from service.usecases.learning.order_models import job_view, order_models, require_model_role
from service.wire.models import JobPage, JobView, ModelsView

router = APIRouter(prefix="/v1/models", tags=["models"])


async def model_keeper(actor: Caller) -> Actor:
    """Let data scientists and administrators through; no key orders anything of the models."""
    require_model_role(actor)
    actor.require_open_wall()
    return actor


async def model_reader(actor: Caller) -> Actor:
    """Let through who orders changes of the models, who answers for them, and who checks."""
    actor.require_role(Role.DATA_SCIENTIST, Role.ADMIN, Role.APPROVER, Role.AUDITOR)
    actor.require_open_wall()
    return actor


Keeper = Annotated[Actor, Depends(model_keeper)]
ModelReader = Annotated[Actor, Depends(model_reader)]
Version = Annotated[int, Path(ge=1)]
ACCEPTED = HTTPStatus.ACCEPTED


@router.get("")
def get_models(parts: Parts, actor: ModelReader) -> ModelsView:
    """Tell what is in force, what it promises, what checks say of it, and what is ordered."""
    del actor
    with parts.read() as uow:
        return parts.models.view(uow, now=parts.clock.now())


@router.get("/jobs")
def get_jobs(parts: Parts, actor: ModelReader, cursor: Cursor = None, limit: Limit = 20) -> JobPage:
    """List the orders to the models and what came of them, newest first."""
    del actor
    with parts.read() as uow:
        found = uow.jobs.recent(before=cursor, limit=limit + 1)
    jobs = tuple(job_view(one) for one in found[:limit])
    return JobPage(jobs=jobs, next_cursor=jobs[-1].id if len(found) > limit else None)


@router.get("/jobs/{job_id}")
def get_job(job_id: str, parts: Parts, actor: ModelReader) -> JobView:
    """Tell how far an order has come."""
    del actor
    with parts.read() as uow:
        job = uow.jobs.get(job_id)
    if job is None:
        raise NotFoundError("job", job_id)
    return job_view(job)


@router.post("/retrain", status_code=ACCEPTED)
def post_retrain(parts: Parts, actor: Keeper, response: Response) -> JobView:
    """Train on everything the trail holds; the gate decides whether the result is promoted."""
    return _ordered(ModelOrder.RETRAIN, None, parts, actor, response)


@router.post("/drift", status_code=ACCEPTED)
def post_drift(parts: Parts, actor: Keeper, response: Response) -> JobView:
    """Look whether items, verdicts or calibration have moved away from what was learned."""
    return _ordered(ModelOrder.DRIFT, None, parts, actor, response)


@router.post("/{version}/promote", status_code=ACCEPTED)
def post_promotion(version: Version, parts: Parts, actor: Keeper, response: Response) -> JobView:
    """Make a version champion; the running service takes it within a second."""
    return _ordered(ModelOrder.PROMOTE, version, parts, actor, response)


@router.post("/rollback", status_code=ACCEPTED)
def post_rollback(
    request: RollbackBody, parts: Parts, actor: Keeper, response: Response
) -> JobView:
    """Make an earlier version champion again."""
    return _ordered(ModelOrder.ROLLBACK, request.version, parts, actor, response)


@router.post("/{version}/shadow", status_code=ACCEPTED)
def post_shadow(version: Version, parts: Parts, actor: Keeper, response: Response) -> JobView:
    """Ask a version beside the champion, without any effect, to compare the two."""
    return _ordered(ModelOrder.SHADOW, version, parts, actor, response)


@router.delete("/challenger", status_code=ACCEPTED)
def delete_challenger(parts: Parts, actor: Keeper, response: Response) -> JobView:
    """Ask no version beside the champion any more."""
    return _ordered(ModelOrder.END_SHADOW, None, parts, actor, response)


def _ordered(
    ordered: ModelOrder, version: int | None, parts: ApiParts, actor: Actor, response: Response
) -> JobView:
    def work(uow: UnitOfWork) -> ModelJob:
        job = order_models(
            ordered,
            version=version,
            actor_id=actor.id,
            uow=uow,
            now=parts.clock.now(),
            ids=parts.ids,
        )
        parts.engine.enqueue_order(uow, job.id)
        return job

    job = parts.writer.run(work)
    response.headers["Location"] = f"/v1/models/jobs/{job.id}"
    return job_view(job)
