"""Items as they were received: their versions, and their withdrawal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Assessor, Parts, Reader
from service.domain.errors import NotFoundError
from service.usecases.assessing.withdraw_item import withdraw_item
from service.wire.items import ItemVersions, Withdrawal

router = APIRouter(prefix="/v1", tags=["items"])
Why = Annotated[str, Query(min_length=1, max_length=200)]


@router.get("/items/{item_id:path}/versions")
def get_item_versions(item_id: str, parts: Parts, actor: Reader) -> ItemVersions:
    """Give every version of an item, oldest first; its id is `source:external_id`."""
    found = parts.screens.item_versions(item_id, wall=actor.wall)
    if found is None:
        raise NotFoundError("item", item_id)
    return found


@router.delete("/items/{item_id:path}")
def delete_item(
    item_id: str, parts: Parts, actor: Assessor, reason: Why = "deleted at the source"
) -> Withdrawal:
    """Withdraw an item that its source has deleted; nothing is erased.

    Its case is closed, a bill that has not left is cancelled, and one that has left opens a case.
    """
    return parts.writer.run(
        lambda uow: withdraw_item(
            item_id, reason=reason, actor=actor, uow=uow, now=parts.clock.now()
        )
    )
