"""Have an address told of events, in the name of whoever adds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError
from service.domain.subscriber import OWNERS, Subscriber, SubscriberSecret
from service.ports.clock import Ids
from service.ports.event_sender import SecretKeys
from service.ports.outside import ForbiddenAddressError
from service.ports.stores import UnitOfWork
from service.wire.events import TYPES
from service.wire.subscribers import SubscribeRequest
from service.wire.webhooks import secret_of


def add_subscriber(
    request: SubscribeRequest,
    *,
    actor: Actor,
    check: Callable[[str], None],
    key_of: SecretKeys,
    uow: UnitOfWork,
    now: datetime,
    ids: Ids,
) -> tuple[Subscriber, str]:
    """Store a subscriber, told of what happens from now on; give it with its secret, shown once.

    Raises NotAllowedError, and InvalidRequestError for an address that may not be called.
    """
    actor.require_role(*OWNERS)
    unknown = sorted(set(request.types) - set(TYPES))
    if unknown:
        raise InvalidRequestError("types", unknown[0], f"is none of {', '.join(TYPES)}")
    try:
        check(request.url)
    except ForbiddenAddressError as error:
        raise InvalidRequestError("url", request.url, f"{error}. {error.remedy}") from error
    secret_id = ids.new("whs")
    made = Subscriber(
        id=ids.new("sub"),
        url=request.url,
        types=frozenset(request.types),
        owner_id=actor.id,
        made_at=now,
        secrets=(SubscriberSecret(id=secret_id, made_at=now),),
        position=uow.events.read_to(),
    )
    uow.subscribers.add(made)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SUBSCRIBER_ADDED,
            at=now,
            actor_id=actor.id,
            subject=made.id,
            # An address may carry a secret of its receiver; its host does not.
            facts={"host": urlsplit(made.url).hostname or "", "types": sorted(made.types)},
        )
    )
    return made, secret_of(key_of(secret_id))
