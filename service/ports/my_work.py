"""What one person's own page reads."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from service.domain.wall import Wall
from service.wire.my_work import MyWork


class MyWorkReader(Protocol):
    """Reads everything that waits for one person."""

    def my_work(self, person_id: str, *, wall: Wall, since: datetime, now: datetime) -> MyWork:
        """Give a person's work on their side of the wall; `since` begins their day."""
        ...
