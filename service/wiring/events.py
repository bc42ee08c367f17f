"""Puts together what tells the outside of events."""

from __future__ import annotations

from service.api.event_door import EventDoor
from service.audit.canonical import canonical
from service.clock import SystemClock
from service.connectors.outside_address import OutsideHosts
from service.connectors.subscriber_keys import load_subscriber_keys
from service.connectors.webhook import WebhookSender
from service.scoring.coin import load_coin
from service.settings import Settings
from service.store.database import open_for_reading, open_for_writing
from service.store.unit_of_work import WorkOpener
from service.usecases.events.deliver_events import Courier
from service.workflows.event_couriers import EventCouriers


def build_events(settings: Settings) -> EventDoor:
    """Give what subscribers are made and tried with."""
    hosts = OutsideHosts(outside=settings.subscriber_hosts, inside=settings.subscriber_inside_hosts)
    return EventDoor(
        hosts=hosts,
        sender=WebhookSender(hosts=hosts),
        key_of=load_subscriber_keys(settings.secrets_folder),
        source=settings.events_source or settings.api_url,
    )


def build_couriers(settings: Settings, *, name: str) -> EventCouriers:
    """Give what brings events to their subscribers; `name` is that of this worker alone."""
    parts = build_events(settings)
    write = WorkOpener(open_for_writing(settings.database), canonical=canonical)
    read = WorkOpener(open_for_reading(settings.database), canonical=canonical)
    courier = Courier(
        name=name,
        open_work=write,
        sender=parts.sender,
        key_of=parts.key_of,
        source=parts.source,
        draw=load_coin(settings.secrets_folder),
        now=SystemClock().now,
    )
    return EventCouriers(courier, read=read)
