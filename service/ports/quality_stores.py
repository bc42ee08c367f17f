"""What is read to measure how well people judge."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from service.domain.judged import BlindPair, Judged, Truths
from service.domain.wall import Wall


class QualityStore(Protocol):
    """Verdicts, blind pairs and known answers, each cut by the wall of whoever asks."""

    def judged(self, *, since: datetime, wall: Wall, most: int) -> list[Judged]:
        """Give the newest final verdicts since a moment, newest first, undone ones too."""
        ...

    def blind_pairs(self, *, since: datetime, wall: Wall) -> list[BlindPair]:
        """Give the pairs whose second verdict was given since a moment."""
        ...

    def truths(self) -> Truths:
        """Give what is known to be faulty or not."""
        ...
