"""How well people judge, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Caller, Parts
from service.usecases.figures.measure_quality import measure_quality
from service.wire.quality import QualityView

router = APIRouter(prefix="/v1", tags=["quality"])

LONGEST_DAYS = 730


@router.get("/quality")
def get_quality(
    parts: Parts, actor: Caller, days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)] = 90
) -> QualityView:
    """Measure agreement, caught faults and the effect of the models' opinion, with intervals."""
    now = parts.clock.now()
    with parts.read() as uow:
        return measure_quality(
            since=now - timedelta(days=days), actor=actor, models=parts.models, uow=uow, now=now
        )
