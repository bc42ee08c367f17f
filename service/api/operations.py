"""How the desk fares over a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Parts, Reader
from service.ports.operations import Period
from service.wire.operations import OperationsQuery, OperationsView

router = APIRouter(prefix="/v1", tags=["review"])


@router.get("/operations")
def get_operations(
    parts: Parts, actor: Reader, wanted: Annotated[OperationsQuery, Query()]
) -> OperationsView:
    """Add up what waits and what was done in the last days, within the caller's wall."""
    now = parts.clock.now()
    period = Period(
        since=now - timedelta(days=wanted.days),
        until=now,
        client_id=wanted.client_id,
        business_unit=wanted.business_unit,
    )
    return parts.operations.view(period, wall=actor.wall)
