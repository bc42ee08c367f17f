"""Programs that a test lets end as it says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from service.domain.errors import SyncRunsError
from service.domain.sync import SyncTrouble


@dataclass
class ToldPrograms:
    """Remembers what was begun; `end` lets a sync be over, `held` is what others read."""

    begun: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    _running: set[str] = field(default_factory=set)
    _over: dict[str, SyncTrouble | None] = field(default_factory=dict)

    def end(self, source: str, trouble: SyncTrouble | None = None) -> None:
        """Let a sync end: by itself, or without a word."""
        self._over[source] = trouble

    def start(self, source: str) -> None:
        """Begin to read a source."""
        self.begun.append(source)
        self._running.add(source)

    def under_way(self) -> Collection[str]:
        """Give the sources that were begun here and are not told of as ended."""
        return tuple(self._running)

    def ended(self) -> Mapping[str, SyncTrouble | None]:
        """Give the sources whose syncs ended since the last look, each told of once."""
        over, self._over = self._over, {}
        self._running -= set(over)
        return over

    @contextmanager
    def alone(self, source: str) -> Iterator[None]:
        """Keep syncs of a source away. Raises SyncRunsError while one runs."""
        if source in self.held | self._running:
            raise SyncRunsError(source)
        yield

    def stop(self) -> Collection[str]:
        """End every sync begun here; gives their sources."""
        ended, self._running = tuple(self._running), set()
        return ended
