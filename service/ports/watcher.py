"""What follows the checks of a segment and says when its promise is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from service.domain.check import CheckDraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A segment's watch after one more check."""

    state: str
    """To be handed back with the next check."""
    alarm: str | None
    """Which promise broke and after how many checks; None while it holds."""
    checks: int
    wrong: int


class Watcher(Protocol):
    """Follows checks one by one, in the order in which they were drawn."""

    def follow(self, state: str | None, draw: CheckDraw, *, is_wrong: bool) -> Watched:
        """Count one more check; without a state the watch begins with it."""
        ...
