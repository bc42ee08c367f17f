"""Where time and ids come from."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one place that reads the time."""

    def now(self) -> datetime:
        """Give the current instant, aware, in UTC."""
        ...


class Ids(Protocol):
    """The one place that makes ids."""

    def new(self, prefix: str) -> str:
        """Give a new id that sorts by the time it was made."""
        ...
