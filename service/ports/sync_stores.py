"""What is kept of syncs: how each source fares, and how its last syncs ended."""

from __future__ import annotations

from typing import Protocol

from service.domain.sync import Sync, SyncRun


class SyncStore(Protocol):
    """Sources that are read, and the syncs that read them."""

    def get(self, source: str) -> Sync | None:
        """Give how a source fares; None for one that nobody ever read."""
        ...

    def all(self) -> list[Sync]:
        """Give every source that was ever read, by name."""
        ...

    def save(self, sync: Sync) -> None:
        """Write how a source fares, in the place of what was known before."""
        ...

    def add_run(self, run: SyncRun) -> None:
        """Keep a sync that has ended; of each source the newest are kept."""
        ...

    def runs(self, source: str, *, limit: int) -> list[SyncRun]:
        """Give the newest syncs of a source, newest first."""
        ...
