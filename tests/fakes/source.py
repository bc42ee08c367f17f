"""A system of work in memory, and a source over it that keeps to every rule.

The class attributes of the source are the places where a real one went wrong; doctored sources in
`tests/connectors` change one each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.ports.source import Page

CAP = 100
"""The most rows one answer of the system holds, whatever is asked."""


@dataclass
class WorkSystem:
    """Rows with the tick they were changed at; time goes on by one with every change."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    tick: int = 0
    last_id: int = 0

    def add(self, hours: Decimal, *, ticks_back: int = 0) -> str:
        self.tick += 1
        self.last_id += 1
        row = {"id": self.last_id, "hours": hours, "changed": self.tick - ticks_back}
        self.rows[self.last_id] = row
        return str(self.last_id)

    def edit(self, row_id: str, hours: Decimal) -> None:
        self.tick += 1
        self.rows[int(row_id)] |= {"hours": hours, "changed": self.tick}

    def delete(self, row_id: str) -> None:
        del self.rows[int(row_id)]

    def search(self, after: tuple[int, int], *, limit: int) -> list[dict[str, Any]]:
        """Give the rows changed after a tick and id, in that order, as many as one answer holds."""
        found = sorted(self.rows.values(), key=_key)
        return [dict(row) for row in found if _key(row) > after][: min(limit, CAP)]


class FakeSource:
    """Reads a WorkSystem incrementally."""

    name = "fake"
    overlap = 10
    filters = True
    remembers_given = True
    watches_deletes = True
    stops_at_first_answer = False
    floats = False
    pages_share_last_cursor = False
    reads_foreign_cursors = False

    def __init__(self, system: WorkSystem, *, page_rows: int = CAP) -> None:
        self._system = system
        self._page_rows = page_rows

    def entities(self) -> tuple[str, ...]:
        return ("work",)

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        if entity != "work":
            raise ValueError(f"the fake has no entity {entity!r}")
        last, given, known = self._read(cursor)
        start = (max(last[0] - self.overlap, 0), 0) if self.filters else (0, 0)
        fresh = [row for row in self._answers(start) if not self._was_given(row, given)]
        final = sorted({*given, *map(_key, fresh)})
        gone = tuple(str(one) for one in known if one not in self._system.rows)
        gone = gone if self.watches_deletes else ()
        for place in range(0, len(fresh), self._page_rows):
            rows = fresh[place : place + self._page_rows]
            given = given | {_key(row) for row in rows}
            told = set(final) if self.pages_share_last_cursor else given
            yield Page(
                entity=entity,
                rows=tuple(self._told(row) for row in rows),
                cursor=_text(told, known={*known, *(row["id"] for row in rows)}),
            )
            known = known | {row["id"] for row in rows}
        if gone:
            left = known & set(self._system.rows)
            yield Page(entity=entity, rows=(), cursor=_text(given, known=left), gone=gone)

    def _answers(self, start: tuple[int, int]) -> Iterator[dict[str, Any]]:
        while rows := self._system.search(start, limit=self._page_rows):
            yield from rows
            start = _key(rows[-1])
            if self.stops_at_first_answer:
                return

    def _was_given(self, row: dict[str, Any], given: set[tuple[int, int]]) -> bool:
        return self.remembers_given and self.filters and _key(row) in given

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"hours": float(row["hours"])} if self.floats else row

    def _read(self, cursor: str | None) -> tuple[tuple[int, int], set[tuple[int, int]], set[int]]:
        if cursor is None:
            return (0, 0), set(), set()
        try:
            stored = json.loads(cursor)
            given = {(tick, row_id) for tick, row_id in stored["given"]}
            return max(given, default=(0, 0)), given, set(stored["known"])
        except (ValueError, KeyError, TypeError) as error:
            if self.reads_foreign_cursors:
                return (0, 0), set(), set()
            raise ValueError(f"{cursor!r} cannot be read; pull without a cursor") from error


def _key(row: dict[str, Any]) -> tuple[int, int]:
    return (row["changed"], row["id"])


def _text(given: set[tuple[int, int]], *, known: set[int]) -> str:
    return json.dumps({"given": sorted(given), "known": sorted(known)})
