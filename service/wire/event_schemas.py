"""The types of events as a receiver's programs read them: JSON schemas made from our own shapes."""

from __future__ import annotations

from functools import cache

from service.wire.events import EVENT_KINDS
from service.wire.subscribers import EventTypePage, EventTypeView


@cache
def event_types() -> EventTypePage:
    """Give every type of event with the schema of its data."""
    return EventTypePage(
        types=tuple(
            EventTypeView(type=kind.name, says=kind.says, data_schema=kind.told.model_json_schema())
            for kind in EVENT_KINDS
        )
    )
