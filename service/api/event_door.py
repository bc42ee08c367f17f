"""What the routes of events work with: addresses, keys and the way out, chosen by the wiring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.ports.event_sender import EventSender, SecretKeys
from service.ports.outside import AddressGuard


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDoor:
    """What subscribers are made and tried with."""

    hosts: AddressGuard
    sender: EventSender
    key_of: SecretKeys
    source: str


async def _door_of(request: Request) -> EventDoor:
    door: EventDoor = request.app.state.events
    return door


Door = Annotated[EventDoor, Depends(_door_of)]
