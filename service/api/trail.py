"""The audit trail."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Auditor, Parts
from service.api.second_eyes import without_first_verdicts
from service.wire.audit import AuditPage, AuditQuery, AuditVerification

router = APIRouter(prefix="/v1")


@router.get("/audit/events", tags=["audit"])
def get_audit_events(
    parts: Parts, actor: Auditor, wanted: Annotated[AuditQuery, Query()]
) -> AuditPage:
    """Search what happened; `index` is an entry's place in the signed log."""
    page = parts.screens.audit_page(wanted)
    with parts.read() as uow:
        return without_first_verdicts(page, actor=actor, uow=uow)


@router.get("/audit/verification", tags=["audit"])
def get_verification(parts: Parts, actor: Auditor) -> AuditVerification:
    """Check the trail against its newest signed head; a long one in steps, each call the next."""
    del actor
    return parts.audit_book.check(now=parts.clock.now())
