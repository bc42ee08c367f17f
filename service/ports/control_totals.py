"""What the control totals are counted from; two books of the same work that must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from data.schemas.values import Record
from data.schemas.vocabulary import PostingStatus


class ItemTally(Record):
    """Where every version of every item that was ever taken stands; each is counted once."""

    history: int = 0
    """Billed before Countersign: taken as history, and never assessed."""
    replaced: int = 0
    """A newer version took its place."""
    withdrawn: int = 0
    """Deleted at its source."""
    queued: int = 0
    """Waits for a person."""
    decided: int = 0
    closed: int = 0
    """Its case was closed without a verdict."""
    auto_cleared: int = 0
    lost: int = 0
    """None of these: nobody is asked, and policy did not clear it."""


class PostingTally(Record):
    """How many postings stand in one state, and what they come to by currency."""

    postings: int = 0
    minor: Mapping[str, int] = {}


class TrailTally(Record):
    """What the audit trail says of the same work."""

    received: int = 0
    rejected: int = 0
    history: int = 0
    opened: int = 0
    """Postings."""
    opened_minor: Mapping[str, int] = {}
    posted: int = 0


class ControlBooks(Protocol):
    """Reads both books as they stood at one moment."""

    def items(self) -> ItemTally:
        """Count the versions of items."""
        ...

    def rejected_rows(self) -> int:
        """Count the rows that the arrivals of the trail say they rejected."""
        ...

    def postings(self) -> Mapping[PostingStatus, PostingTally]:
        """Count the postings by state."""
        ...

    def trail(self) -> TrailTally:
        """Count what the trail tells."""
        ...
