"""Where the worker's syncs run: each in a process of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from service.domain.sync import SyncTrouble


class SyncPrograms(Protocol):
    """Begins syncs, and tells of those that ended without a word."""

    def start(self, source: str) -> None:
        """Begin to read a source."""
        ...

    def under_way(self) -> Collection[str]:
        """Give the sources that were begun here and are not told of as ended."""
        ...

    def ended(self) -> Mapping[str, SyncTrouble | None]:
        """Give the sources whose syncs ended since the last look, each told of once.

        None where the sync itself noted how it ended.
        """
        ...

    def alone(self, source: str) -> AbstractContextManager[None]:
        """Keep syncs of a source away. Raises SyncRunsError while one runs."""
        ...

    def stop(self) -> Collection[str]:
        """End every sync begun here; gives their sources."""
        ...
