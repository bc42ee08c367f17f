"""Time that nobody handed in."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from data.schemas.missing_time import MissingTime
from service.api.access import Parts, Reader
from service.usecases.assessing.find_missing_time import find_missing_time

router = APIRouter(prefix="/v1", tags=["items"])


@router.get("/missing-time")
def get_missing_time(start: date, end: date, parts: Parts, actor: Reader) -> MissingTime:
    """Give everybody who was assigned and recorded nothing from `start` to `end`.

    Only lines whose contract agrees on a billing cut-off are looked at.
    """
    today = parts.clock.now().date()
    return parts.writer.run(
        lambda uow: find_missing_time(
            start, end=end, today=today, wall=actor.wall, uow=uow, scorer=parts.scorer
        )
    )
