"""What people are told: their own list, and how it fares outside the app."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.vocabulary import DeliveryStatus, Role
from service.api.access import Parts, Reader
from service.api.body import ReadBody
from service.ports.stores import UnitOfWork
from service.ports.talk_stores import Outgoing, Told
from service.wire.cases import MAX_PAGE
from service.wire.talk import (
    DeliveryPage,
    DeliveryView,
    NotificationPage,
    NotificationView,
    ReadResponse,
)

router = APIRouter(prefix="/v1", tags=["talk"])
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=80)]


@router.get("/notifications")
def get_notifications(
    parts: Parts, actor: Reader, *, unread: bool = False, cursor: Cursor = None, limit: Limit = 50
) -> NotificationPage:
    """List what one was told, newest first; `unread=true` leaves out what was read."""
    with parts.read() as uow:
        found = uow.notifications.of(
            actor.id, wall=actor.wall, before=cursor, limit=limit + 1, is_unread=unread
        )
        count = uow.notifications.count_unread(actor.id, wall=actor.wall)
    shown = tuple(_view(one) for one in found[:limit])
    more = len(found) > limit
    return NotificationPage(
        notifications=shown, unread=count, next_cursor=shown[-1].id if more else None
    )


@router.post("/notifications/read")
def post_read(request: ReadBody, parts: Parts, actor: Reader) -> ReadResponse:
    """Mark one's own notifications as read: those named, or all."""

    def work(uow: UnitOfWork) -> ReadResponse:
        marked = uow.notifications.mark_read(actor.id, ids=request.ids, at=parts.clock.now())
        left = uow.notifications.count_unread(actor.id, wall=actor.wall)
        return ReadResponse(marked=marked, unread=left)

    return parts.writer.run(work)


@router.get("/deliveries")
def get_deliveries(
    parts: Parts,
    actor: Reader,
    status: DeliveryStatus = DeliveryStatus.FAILED,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DeliveryPage:
    """List what could not be delivered by e-mail or webhook, and why, newest first."""
    actor.require_role(Role.INTEGRATION_OWNER, Role.ADMIN)
    name, _, channel = (cursor or "").partition(".")
    before = None if cursor is None else (name, channel)
    with parts.read() as uow:
        found = uow.notifications.deliveries(status, before=before, limit=limit + 1)
    shown = tuple(_delivery(one) for one in found[:limit])
    last = shown[-1] if len(found) > limit else None
    return DeliveryPage(
        deliveries=shown,
        next_cursor=None if last is None else f"{last.notification_id}.{last.channel}",
    )


def _view(told: Told) -> NotificationView:
    note = told.notification
    return NotificationView(
        id=note.id,
        kind=note.kind,
        text=note.text,
        case_id=note.case_id,
        case_title=told.case_title,
        at=note.at,
        is_read=note.read_at is not None,
        failure=told.failure,
    )


def _delivery(outgoing: Outgoing) -> DeliveryView:
    delivery = outgoing.delivery
    return DeliveryView(
        notification_id=delivery.notification_id,
        kind=outgoing.notification.kind,
        person_id=outgoing.notification.person_id,
        channel=delivery.channel,
        status=delivery.status,
        attempts=delivery.attempts,
        error=delivery.error,
        due_at=delivery.due_at,
    )
