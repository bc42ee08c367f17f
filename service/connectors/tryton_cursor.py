"""Where an incremental read of Tryton stands: the last change, and those just before it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from service.connectors.row_memory import RowMemory
from service.connectors.tryton_wire import Values

OVERLAP = timedelta(minutes=10)
"""A change carries the time its transaction began; one that ran this long is still not missed."""

MAX_REMEMBERED = 5_000
"""Rows named in a cursor. Beyond it the oldest are forgotten and come again, which does no harm:
an item with the same content is one item."""

START = datetime(1970, 1, 1, tzinfo=UTC)

Key = tuple[datetime, int]
"""A row at one change: when it was written, and its id."""


class CursorError(ValueError):
    """A cursor that this connector did not write."""

    def __init__(self, cursor: str) -> None:
        super().__init__(
            f"the Tryton cursor {cursor[:80]!r} cannot be read; "
            "pull this entity without a cursor to start afresh"
        )
        self.cursor = cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCursor:
    """The last change given, and the changes of the overlap before it, so none is given twice."""

    last: Key = (START, 0)
    given: frozenset[Key] = field(default_factory=frozenset)
    watched: RowMemory | None = None
    """The rows of the watched window, where deletes are watched."""

    @classmethod
    def read(cls, text: str | None) -> ChangeCursor:
        """Read a cursor as `text()` wrote it; None starts from the beginning."""
        if text is None:
            return cls()
        try:
            stored = json.loads(text)
            last = (datetime.fromisoformat(stored["at"]), int(stored["id"]))
            given = frozenset(
                (datetime.fromisoformat(at), int(record_id))
                for at, ids in stored["given"].items()
                for record_id in ids
            )
            watched = RowMemory.of(stored["rows"]) if "rows" in stored else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CursorError(text) from error
        return cls(last=last, given=given, watched=watched)

    def text(self) -> str:
        """Write the cursor for keeping; rows of one transaction share their time, written once."""
        by_time: dict[str, list[int]] = {}
        for at, record_id in sorted(self.given):
            by_time.setdefault(at.isoformat(), []).append(record_id)
        at, record_id = self.last
        told: dict[str, object] = {"at": at.isoformat(), "id": record_id, "given": by_time}
        if self.watched is not None:
            told["rows"] = self.watched.stored()
        return json.dumps(told, separators=(",", ":"))

    def start(self) -> Key:
        """The key to read on from: the overlap before the last change."""
        return (max(self.last[0] - OVERLAP, START), 0) if self.last[1] else self.last

    def after(self, keys: Iterable[Key]) -> ChangeCursor:
        """The cursor once these changes are given too."""
        given = self.given | frozenset(keys)
        last = max((*given, self.last))
        recent = sorted(key for key in given if key[0] >= last[0] - OVERLAP)
        return replace(self, last=last, given=frozenset(recent[-MAX_REMEMBERED:]))


def change_key(row: Values) -> Key:
    """When a row changed last, and its id: Tryton leaves `write_date` empty on some new rows."""
    return (row["write_date"] or row["create_date"], row["id"])


def changed_after(key: Key, *, stamp: str) -> list[object]:
    """The domain of rows whose `stamp` field lies after a key, in the order (stamp, id)."""
    at, record_id = key
    return ["OR", [[stamp, ">", at]], [[stamp, "=", at], ["id", ">", record_id]]]
