"""Shapes of the health of parts: what works, what is in trouble, what is not connected."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from data.schemas.values import Record


class SystemState(StrEnum):
    """How a part fares."""

    WORKS = "works"
    TROUBLE = "trouble"
    NOT_CONNECTED = "not_connected"


class SystemView(Record):
    """One part of the installation, or one system beside it."""

    name: str
    state: SystemState
    text: str
    """What is known of it and, in trouble, what to do."""
    at: datetime | None = None
    """When it last did something."""


class IntegrationsView(Record):
    """Everything that must work for a bill to leave, in that order."""

    systems: tuple[SystemView, ...]
    at: datetime
