"""Puts the two sides of a Tryton connection together: work is read from it, bills go into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx2

from service.connectors.posting_lock import PostingLock
from service.connectors.tryton_books import Books, BookSettings
from service.connectors.tryton_ledger import TrytonLedger
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_source import TrytonSource

__all__ = ["Tryton", "TrytonLedger", "TrytonSource", "connect_tryton"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tryton:
    """One connected Tryton database."""

    source: TrytonSource
    ledger: TrytonLedger
    rest: TrytonRest

    def close(self) -> None:
        """Let go of the connections."""
        self.rest.close()


def connect_tryton(
    *,
    base_url: str,
    database: str,
    api_key: str,
    party_names: Mapping[str, str],
    books: BookSettings,
    lock_folder: Path,
    watched_since: Callable[[], date] | None = None,
    transport: httpx2.BaseTransport | None = None,
) -> Tryton:
    """Connect to a database; nothing is sent before the first call.

    `party_names` gives the Tryton party of each client id. Every process that posts to the same
    books uses the same `lock_folder`. Deletes of time are noticed from the day that
    `watched_since` gives; without it none are.
    """
    rest = TrytonRest(
        base_url=base_url,
        database=database,
        api_key=api_key,
        transport=transport,
    )
    ledger = TrytonLedger(
        rest,
        books=Books(rest=rest, settings=books, party_names=party_names),
        lock=PostingLock(lock_folder),
    )
    return Tryton(source=TrytonSource(rest, watched_since=watched_since), ledger=ledger, rest=rest)
