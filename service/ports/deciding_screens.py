"""Reads of what waits for another person, of bulks, and of moved time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from data.schemas.vocabulary import TransferStatus
from service.domain.wall import Wall
from service.wire.cases import CaseSummary, DecisionView
from service.wire.deciding import BulkPage, TransferPage


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedCase:
    """A case that waits for another person, and who has spoken on it so far."""

    case: CaseSummary
    rule: str
    since: datetime
    spoken_ids: frozenset[str]
    disputed: tuple[DecisionView, ...]
    """The two decisions that differ; none while a second one is awaited."""


class DecidingScreens(Protocol):
    """Reads of what waits for another person, of bulks, and of moved time."""

    def awaited(
        self, *, wall: Wall, now: datetime, limit: int, undo_window: timedelta
    ) -> tuple[AwaitedCase, ...]:
        """Give the cases that wait for a second or a third person, most money times age first."""
        ...

    def bulk_page(
        self,
        *,
        actor_id: str | None,
        cursor: str | None,
        limit: int,
        undo_window: timedelta,
        now: datetime,
    ) -> BulkPage:
        """Give one page of bulks, newest first."""
        ...

    def transfer_page(
        self, *, status: TransferStatus | None, wall: Wall, cursor: str | None, limit: int
    ) -> TransferPage:
        """Give one page of moved minutes, oldest first."""
        ...
