"""Several cases decided at once, and minutes that decisions moved elsewhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.vocabulary import Role, TransferStatus
from service.api.access import Parts, Reader
from service.api.body import BulkBody, SettleBody
from service.usecases.deciding.decide_bulk import decide_bulk, revert_bulk
from service.usecases.deciding.move_time import settle_transfer
from service.usecases.deciding.sort_out_bulk import preview_bulk
from service.wire.cases import MAX_PAGE
from service.wire.deciding import BulkAnswer, BulkPage, BulkPreview, TransferPage

router = APIRouter(prefix="/v1", tags=["review"])
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=80)]


@router.post("/bulk/preview")
def post_bulk_preview(request: BulkBody, parts: Parts, actor: Reader) -> BulkPreview:
    """Say which of these cases one verdict would decide, and why not the others."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    with parts.read() as uow:
        return preview_bulk(request, actor=actor, context=parts.deciding(uow))


@router.post("/bulk")
def post_bulk(request: BulkBody, parts: Parts, actor: Reader) -> BulkAnswer:
    """Decide every case that can be decided together; the others stay as they are."""
    return parts.writer.run(
        lambda uow: decide_bulk(request, actor=actor, context=parts.deciding(uow))
    )


@router.post("/bulk/{bulk_id}/revert")
def post_bulk_revert(bulk_id: str, parts: Parts, actor: Reader) -> BulkPage:
    """Take one's own bulk back as a whole, while nothing has left."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    parts.writer.run(
        lambda uow: revert_bulk(
            bulk_id,
            actor=actor,
            uow=uow,
            undo_window=parts.undo_window,
            now=parts.clock.now(),
        )
    )
    return get_bulks(parts, actor)


@router.get("/bulk")
def get_bulks(
    parts: Parts, actor: Reader, *, mine: bool = True, cursor: Cursor = None, limit: Limit = 20
) -> BulkPage:
    """List bulks, newest first: one's own, or for auditors and administrators everybody's."""
    if not mine:
        actor.require_role(Role.AUDITOR, Role.ADMIN, Role.DATA_SCIENTIST)
        actor.require_open_wall()
    return parts.deciding_screens.bulk_page(
        actor_id=actor.id if mine else None,
        cursor=cursor,
        limit=limit,
        undo_window=parts.undo_window,
        now=parts.clock.now(),
    )


@router.get("/transfers")
def get_transfers(
    parts: Parts,
    actor: Reader,
    status: TransferStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TransferPage:
    """List minutes that decisions moved to other contract lines, oldest first."""
    return parts.deciding_screens.transfer_page(
        status=status, wall=actor.wall, cursor=cursor, limit=limit
    )


@router.post("/transfers/{transfer_id}/settle")
def post_settlement(
    transfer_id: str, request: SettleBody, parts: Parts, actor: Reader
) -> TransferPage:
    """Say that moved minutes are booked where they belong, or that they will not be."""
    parts.writer.run(
        lambda uow: settle_transfer(
            transfer_id, request, actor=actor, uow=uow, now=parts.clock.now()
        )
    )
    return get_transfers(parts, actor, status=TransferStatus.OPEN)
