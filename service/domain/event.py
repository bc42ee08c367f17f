"""An event: one entry of the audit trail as the outside is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before each further try: 75 hours and a half in all, so that a weekend is outlasted."""
JITTER = 0.25
"""A wait is made longer by up to this part of it, so that what failed together comes apart."""
SEQUENCE_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, in the order of the trail and of its subject."""

    index: int
    """The place of its entry in the audit trail."""
    id: str
    type: str
    subject: str
    sequence: int
    client_id: str
    business_unit: str | None
    at: datetime
    body: str
    """What it says, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to one subscriber."""

    event: Event
    attempts: int
    """Failed ones."""


def event_id(index: int, *, leaf_hash: bytes) -> str:
    """Name an event by its entry: whoever holds the trail can find the entry and prove it."""
    return f"evt-{index:012d}-{leaf_hash.hex()[:12]}"


def next_try(
    attempts: int, *, now: datetime, draw: float, retry_after: timedelta | None
) -> datetime | None:
    """Say when a delivery that failed `attempts` times is tried again; None once it is given up.

    `draw` in [0, 1) spreads tries apart. What the receiver asked for is never undercut.
    """
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1] * (1 + JITTER * draw)
    return now + max(wait, retry_after or timedelta(0))
