"""The audit trail and the caller's own session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.access import Auditor, Caller, Parts
from service.usecases.log_in import log_out
from service.wire.access import Me
from service.wire.cases import MAX_PAGE, AuditPage

router = APIRouter(prefix="/v1")


@router.get("/audit/events", tags=["audit"])
def get_audit_events(
    parts: Parts,
    actor: Auditor,
    subject: Annotated[str | None, Query(max_length=400)] = None,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> AuditPage:
    """List what happened, oldest first; `index` is an entry's place in the signed log."""
    del actor
    return parts.screens.audit_page(subject=subject, cursor=cursor, limit=limit)


@router.get("/me", tags=["session"])
def get_me(parts: Parts, actor: Caller) -> Me:
    """Say who the API takes the caller for."""
    return Me(
        id=actor.id,
        name=actor.name,
        roles=tuple(sorted(actor.roles)),
        scopes=tuple(sorted(actor.scopes)),
        session_expires_at=actor.session_expires_at,
        undo_seconds=int(parts.undo_window.total_seconds()),
    )


@router.delete("/session", status_code=204, tags=["session"])
def delete_session(parts: Parts, actor: Caller) -> Response:
    """Log out: the session ends for every tab and process."""
    parts.writer.run(lambda uow: log_out(actor, uow=uow, now=parts.clock.now()))
    return Response(status_code=204)
