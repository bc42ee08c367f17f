"""Hand notifications to the mail server and the webhook: tried six times, then left to be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from data.schemas.vocabulary import Channel, DeliveryStatus
from service.domain.notification import Delivery, Notification
from service.ports.messenger import Message, Messenger, NotDeliveredError
from service.ports.stores import UnitOfWork
from service.ports.talk_stores import Outgoing

AT_A_TIME = 50
"""One look of the upkeep must end before the next is due, also with a slow mail server."""


def deliver_notifications(
    *,
    open_work: Callable[[], AbstractContextManager[UnitOfWork]],
    messengers: Mapping[Channel, Messenger],
    link_of: Callable[[Notification], str],
    now: Callable[[], datetime],
) -> int:
    """Try everything that is due, and write down how it went; gives how many arrived.

    A try is counted before it is made. A crash after it repeats the message under the same id.
    After one failure a channel is left alone until the next look: it may be down for all.
    """
    with open_work() as uow:
        due = uow.notifications.due(now=now(), limit=AT_A_TIME)
    arrived, down = 0, set[Channel]()
    for outgoing in due:
        if outgoing.delivery.channel in down:
            continue
        begun = outgoing.delivery.begun(now=now())
        _save(begun, open_work)
        after = _attempt(begun, outgoing, messengers, link_of=link_of, now=now())
        _save(after, open_work)
        if after.status is DeliveryStatus.WAITING:
            down.add(after.channel)
        arrived += after.done_at is not None
    return arrived


def _attempt(
    begun: Delivery,
    outgoing: Outgoing,
    messengers: Mapping[Channel, Messenger],
    *,
    link_of: Callable[[Notification], str],
    now: datetime,
) -> Delivery:
    messenger = messengers.get(begun.channel)
    if messenger is None:
        return begun.failed(f"no {begun.channel} is set up for this installation", for_good=True)
    try:
        messenger.send(_message(outgoing, link=link_of(outgoing.notification)), now=now)
    except NotDeliveredError as error:
        return begun.failed(str(error), for_good=error.is_final)
    return begun.arrived(now=now)


def _message(outgoing: Outgoing, *, link: str) -> Message:
    note = outgoing.notification
    return Message(
        id=f"{note.id}-{outgoing.delivery.channel}",
        kind=note.kind,
        text=note.text,
        link=link,
        to_email=outgoing.email,
        person_id=note.person_id,
        at=note.at,
    )


def _save(delivery: Delivery, open_work: Callable[[], AbstractContextManager[UnitOfWork]]) -> None:
    with open_work() as uow:
        uow.notifications.save_delivery(delivery)
