"""Show subscribers to whoever keeps them: where, of what, and how it fares."""

from __future__ import annotations

from urllib.parse import urlsplit

from service.domain.actor import Actor
from service.domain.subscriber import OWNERS, Subscriber
from service.domain.wall import OPEN_WALL
from service.ports.stores import UnitOfWork
from service.wire.subscribers import SubscriberView


def list_subscribers(*, actor: Actor, uow: UnitOfWork) -> list[Subscriber]:
    """Give every subscriber, oldest first. Raises NotAllowedError."""
    actor.require_role(*OWNERS)
    return uow.subscribers.all()


def subscriber_view(one: Subscriber, *, actor: Actor, uow: UnitOfWork) -> SubscriberView:
    """Give what is shown of a subscriber; the path of its address is for its maker alone."""
    owner = uow.accounts.by_person(one.owner_id)
    backlog = uow.event_deliveries.backlog(one, wall=owner.wall if owner else OPEN_WALL)
    parts = urlsplit(one.url)
    is_mine = one.owner_id == actor.id
    return SubscriberView(
        id=one.id,
        address=one.url if is_mine else f"{parts.scheme}://{parts.netloc}/...",
        types=tuple(sorted(one.types)),
        owner=owner.name if owner else one.owner_id,
        is_mine=is_mine,
        status=one.status,
        why=one.why,
        made_at=one.made_at,
        delivered_at=one.delivered_at,
        waiting=backlog.waiting,
        oldest_at=backlog.oldest_at,
        paused_until=one.paused_until,
    )
