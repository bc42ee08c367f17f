"""Send a subscriber an event that tells of nothing, to see whether events arrive."""

from __future__ import annotations

from datetime import datetime

from service.domain.subscriber import Subscriber
from service.ports.clock import Ids
from service.ports.event_sender import Answer, EventSender, SecretKeys
from service.usecases.events.deliver_events import letter_of
from service.wire.events import TEST_TYPE, CloudEvent, TrialTold


def try_subscriber(
    subscriber: Subscriber,
    *,
    sender: EventSender,
    key_of: SecretKeys,
    source: str,
    now: datetime,
    ids: Ids,
) -> Answer:
    """Post one event of the type `countersign.test`, also to a subscriber that is disabled.

    It stands in no trail, has no place in any order, and is tried once.
    """
    envelope = CloudEvent(
        id=ids.new("test"),
        source=source,
        type=TEST_TYPE,
        subject=subscriber.id,
        time=now,
        sequence="0",
        data=TrialTold(subscriber_id=subscriber.id).model_dump(),
    )
    return sender.send(letter_of(envelope, subscriber, key_of=key_of, now=now), now=now)
