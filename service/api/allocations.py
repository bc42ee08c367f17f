"""Who used up a ceiling, entry by entry."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from data.schemas.allocation import Allocation
from service.api.access import Parts, Reader
from service.usecases.terms.explain_allocation import explain_allocation

router = APIRouter(prefix="/v1", tags=["reference"])


@router.get("/contracts/{contract_id:path}/allocation")
def get_allocation(
    contract_id: str,
    parts: Parts,
    actor: Reader,
    line_id: str | None = None,
    client_id: str | None = None,
    on: date | None = None,
) -> Allocation:
    """Explain the ceiling of a line, a customer or the whole contract on a day; today without one.

    Every entry stands in the order it counts, with how much of it is inside and over, and with
    what another order would pay whole.
    """
    day = on or parts.clock.now().date()
    return parts.writer.run(
        lambda uow: explain_allocation(
            contract_id,
            line_id=line_id,
            client_id=client_id,
            on=day,
            wall=actor.wall,
            uow=uow,
            scorer=parts.scorer,
        )
    )
