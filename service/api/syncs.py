"""Syncs: how the sources fare that work is read from, and the people who see to them."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.access import Caller, Parts, Reader
from service.api.body import AssignBody
from service.api.integrations import require_watcher
from service.api.parts import ApiParts
from service.usecases.syncing.show_syncs import sync_detail, syncs_view
from service.usecases.syncing.steer_sync import ask_for_sync, assign_sync
from service.wire.syncs import SyncDetail, SyncsView

router = APIRouter(prefix="/v1", tags=["syncs"])


@router.get("/syncs")
def get_syncs(parts: Parts, actor: Reader) -> SyncsView:
    """List every source that work is read from, with its last sync and its next."""
    require_watcher(actor)
    with parts.read() as uow:
        return syncs_view(plan=parts.sync_plan, uow=uow, now=parts.clock.now())


@router.get("/syncs/{source}")
def get_sync(source: str, parts: Parts, actor: Reader) -> SyncDetail:
    """Give one source with its last syncs."""
    require_watcher(actor)
    return _detail(source, parts)


@router.post("/syncs/{source}/run")
def post_run(source: str, parts: Parts, actor: Caller) -> SyncDetail:
    """Have a source read now: the worker begins within seconds, and the detail tells how it went.

    A source that is being read answers 409.
    """
    parts.writer.run(
        lambda uow: ask_for_sync(
            source, plan=parts.sync_plan, actor=actor, uow=uow, now=parts.clock.now()
        )
    )
    return _detail(source, parts)


@router.post("/syncs/{source}/assign")
def post_sync_assignment(
    source: str, request: AssignBody, parts: Parts, actor: Caller
) -> SyncDetail:
    """Put a person's name on a source: they are told when it fails, and when it works again."""
    parts.writer.run(
        lambda uow: assign_sync(
            source,
            person_id=request.person_id,
            plan=parts.sync_plan,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
        )
    )
    return _detail(source, parts)


def _detail(source: str, parts: ApiParts) -> SyncDetail:
    with parts.read() as uow:
        return sync_detail(source, plan=parts.sync_plan, uow=uow, now=parts.clock.now())
