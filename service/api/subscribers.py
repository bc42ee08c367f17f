"""Events out: their types, and who is told of them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Response

from service.api.access import Caller, Parts, Reader
from service.api.body import ReplayBody, SubscribeBody
from service.api.etags import IfMatch, etag_of, require_match
from service.api.event_door import Door
from service.api.pages import Cursor, Limit, page_of
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.subscriber import Subscriber
from service.ports.stores import UnitOfWork
from service.usecases.events.add_subscriber import add_subscriber
from service.usecases.events.list_subscribers import list_subscribers, subscriber_view
from service.usecases.events.replay_events import replay_events
from service.usecases.events.rotate_secret import rotate_secret
from service.usecases.events.see_subscriber import see_subscriber
from service.usecases.events.switch_subscriber import disable_subscriber, enable_subscriber
from service.usecases.events.try_subscriber import try_subscriber
from service.wire.cases import MAX_PAGE
from service.wire.event_schemas import event_types
from service.wire.subscribers import (
    EventTypePage,
    SubscriberPage,
    SubscriberSecretView,
    SubscriberView,
    TrialView,
)

router = APIRouter(prefix="/v1", tags=["events"])


@router.get("/event-types")
def get_event_types(actor: Reader) -> EventTypePage:
    """List every type of event, with the JSON schema of what it says."""
    del actor
    return event_types()


@router.get("/subscribers")
def get_subscribers(
    parts: Parts, actor: Caller, cursor: Cursor = None, limit: Limit = MAX_PAGE
) -> SubscriberPage:
    """List who is told of events, and how that fares, oldest first."""
    with parts.read() as uow:
        shown, more = page_of(
            list_subscribers(actor=actor, uow=uow),
            cursor=cursor,
            limit=limit,
            id_of=lambda one: one.id,
        )
        views = tuple(subscriber_view(one, actor=actor, uow=uow) for one in shown)
    return SubscriberPage(subscribers=views, next_cursor=more)


@router.post("/subscribers", status_code=HTTPStatus.CREATED)
def post_subscriber(
    request: SubscribeBody, parts: Parts, door: Door, actor: Caller
) -> SubscriberSecretView:
    """Have an address told of events in your name; its secret is shown this once."""
    made, secret = parts.writer.run(
        lambda uow: add_subscriber(
            request,
            actor=actor,
            check=door.hosts.check,
            key_of=door.key_of,
            uow=uow,
            now=parts.clock.now(),
            ids=parts.ids,
        )
    )
    return SubscriberSecretView(subscriber=_view(made.id, parts, actor), secret=secret)


@router.get("/subscribers/{subscriber_id}")
def get_subscriber(
    subscriber_id: str, parts: Parts, actor: Caller, response: Response
) -> SubscriberView:
    """Give one subscriber."""
    with parts.read() as uow:
        found = see_subscriber(subscriber_id, actor=actor, uow=uow)
        response.headers["ETag"] = etag_of(_kept(found))
        return subscriber_view(found, actor=actor, uow=uow)


@router.post("/subscribers/{subscriber_id}/rotate-secret")
def post_rotation(
    subscriber_id: str, parts: Parts, door: Door, actor: Caller, if_match: IfMatch = None
) -> SubscriberSecretView:
    """Make a new secret, shown this once; the one before it signs beside it for a day."""

    def work(uow: UnitOfWork) -> tuple[Subscriber, str]:
        _require_as_seen(if_match, subscriber_id, actor, uow)
        return rotate_secret(
            subscriber_id,
            actor=actor,
            key_of=door.key_of,
            uow=uow,
            now=parts.clock.now(),
            ids=parts.ids,
        )

    _, secret = parts.writer.run(work)
    return SubscriberSecretView(subscriber=_view(subscriber_id, parts, actor), secret=secret)


@router.post("/subscribers/{subscriber_id}/disable")
def post_disabling(subscriber_id: str, parts: Parts, actor: Caller) -> SubscriberView:
    """Send nothing more; what waits stays."""
    return _changed(
        lambda uow: disable_subscriber(subscriber_id, actor=actor, uow=uow, now=parts.clock.now()),
        parts,
        actor,
    )


@router.post("/subscribers/{subscriber_id}/enable")
def post_enabling(subscriber_id: str, parts: Parts, actor: Caller) -> SubscriberView:
    """Go on where it stopped, and try at once what waits for a later try."""
    return _changed(
        lambda uow: enable_subscriber(subscriber_id, actor=actor, uow=uow, now=parts.clock.now()),
        parts,
        actor,
    )


@router.post("/subscribers/{subscriber_id}/replay")
def post_replay(
    subscriber_id: str, request: ReplayBody, parts: Parts, actor: Caller
) -> SubscriberView:
    """Send everything since a moment once more, in order and under the same ids."""
    return _changed(
        lambda uow: replay_events(
            subscriber_id, since=request.since, actor=actor, uow=uow, now=parts.clock.now()
        ),
        parts,
        actor,
    )


@router.post("/subscribers/{subscriber_id}/test")
def post_trial(subscriber_id: str, parts: Parts, door: Door, actor: Caller) -> TrialView:
    """Send one event of the type `countersign.test`, and say whether it was taken."""
    with parts.read() as uow:
        subscriber = see_subscriber(subscriber_id, actor=actor, uow=uow)
    answer = try_subscriber(
        subscriber,
        sender=door.sender,
        key_of=door.key_of,
        source=door.source,
        now=parts.clock.now(),
        ids=parts.ids,
    )
    return TrialView(is_taken=answer.is_taken, why=answer.why)


def _require_as_seen(
    if_match: str | None, subscriber_id: str, actor: Actor, uow: UnitOfWork
) -> None:
    found = see_subscriber(subscriber_id, actor=actor, uow=uow)
    require_match(if_match, _kept(found), name=subscriber_id)


def _kept(subscriber: Subscriber) -> str:
    """Write what people change of a subscriber: how its events fare is none of that."""
    return repr((subscriber.status.value, [one.id for one in subscriber.secrets]))


def _changed(
    work: Callable[[UnitOfWork], Subscriber], parts: ApiParts, actor: Actor
) -> SubscriberView:
    return _view(parts.writer.run(work).id, parts, actor)


def _view(subscriber_id: str, parts: ApiParts, actor: Actor) -> SubscriberView:
    with parts.read() as uow:
        found = see_subscriber(subscriber_id, actor=actor, uow=uow)
        return subscriber_view(found, actor=actor, uow=uow)
