"""Make events out of the audit trail: the trail is the outbox, and its order theirs."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.event import Event, event_id
from service.ports.event_stores import EventStore, TrailEntry
from service.ports.stores import UnitOfWork
from service.usecases.events.told import about, told
from service.wire.events import KIND_OF

AT_A_TIME = 500
"""Entries of one transaction: it stays below some tens of milliseconds, for others wait for it."""


def write_events(*, uow: UnitOfWork) -> int:
    """Make events of the next entries of the trail; give how many entries were read.

    An entry gets its place in the trail after its commit and once only, and places have no gaps:
    what is read in their order can be neither lost nor told twice.
    """
    entries = uow.events.unread(limit=AT_A_TIME)
    last: defaultdict[str, int] = defaultdict(int)
    written = []
    for entry in entries:
        event = _event(entry, events=uow.events, last=last)
        if event is not None:
            written.append(event)
            last[event.subject] = event.sequence
    uow.events.add(written)
    if entries:
        uow.events.set_read_to(entries[-1].index + 1)
    return len(entries)


def _event(entry: TrailEntry, *, events: EventStore, last: defaultdict[str, int]) -> Event | None:
    body = json.loads(entry.body)
    kind = KIND_OF.get(AuditEvent(body["event"]))
    if kind is None:
        return None
    subject, facts = body["subject"], body.get("facts", {})
    found = about(kind.fact, subject=subject, facts=facts, events=events)
    if found is None:
        return None
    before = last[found.subject] or events.last_sequence(found.subject)
    return Event(
        index=entry.index,
        id=event_id(entry.index, leaf_hash=entry.leaf_hash),
        type=kind.name,
        subject=found.subject,
        sequence=before + 1,
        client_id=found.client_id,
        business_unit=found.business_unit,
        at=datetime.fromisoformat(body["at"]),
        body=told(kind.fact, subject=subject, facts=facts, found=found).model_dump_json(),
    )
