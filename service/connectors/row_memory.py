"""What was last seen of each row of a window: the only way to notice deletes, and silent edits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

DIGEST_LENGTH = 12
"""Hexadecimal digits kept of a row's hash: 48 bits, compared only with the same row's last one."""


class UnreadableMemoryError(ValueError):
    """A cursor that this connector did not write."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"the cursor {text[:80]!r} cannot be read; pull this entity without a cursor to start "
            "afresh"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row as it was last given."""

    day: date
    """The day it belongs to; rows before a window are forgotten by it."""
    place: str
    """Where it belonged, in the connector's own words, for when it is gone or has moved."""
    digest: str
    """Tells an edited row from the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMemory:
    """The rows given so far, by id."""

    rows: Mapping[str, Seen] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str | None) -> RowMemory:
        """Read what `text()` wrote; None has seen nothing. Raises UnreadableMemoryError."""
        if text is None:
            return cls()
        try:
            return cls.of(json.loads(text)["rows"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableMemoryError(text) from error

    @classmethod
    def of(cls, stored: Mapping[str, Mapping[str, str]]) -> RowMemory:
        """Restore what `stored()` gave."""
        rows = {}
        for day, those in stored.items():
            for row_id, told in those.items():
                place, _, digest = told.rpartition("|")
                rows[row_id] = Seen(day=date.fromisoformat(day), place=place, digest=digest)
        return cls(rows=rows)

    def stored(self) -> dict[str, dict[str, str]]:
        """Give the rows for keeping, by day, so that each day is written once."""
        by_day: dict[str, dict[str, str]] = {}
        for row_id, seen in sorted(self.rows.items()):
            by_day.setdefault(seen.day.isoformat(), {})[row_id] = f"{seen.place}|{seen.digest}"
        return by_day

    def text(self) -> str:
        """Write the memory for keeping."""
        return json.dumps({"rows": self.stored()}, separators=(",", ":"))

    def since(self, day: date) -> RowMemory:
        """Forget the rows before a day: they are watched no longer."""
        return RowMemory(rows={key: seen for key, seen in self.rows.items() if seen.day >= day})

    def differing(self, present: Mapping[str, Seen]) -> list[str]:
        """Give the ids of rows that are new, or not as they were."""
        return [row_id for row_id, seen in present.items() if self.rows.get(row_id) != seen]

    def absent(self, present: Collection[str]) -> tuple[str, ...]:
        """Give the ids of rows that were seen and are not among those present."""
        return tuple(row_id for row_id in self.rows if row_id not in present)

    def having(self, rows: Mapping[str, Seen]) -> RowMemory:
        """The memory once these rows are given too."""
        return RowMemory(rows={**self.rows, **rows})

    def without(self, row_ids: Iterable[str]) -> RowMemory:
        """The memory once these rows are known to be gone."""
        gone = frozenset(row_ids)
        return RowMemory(rows={key: seen for key, seen in self.rows.items() if key not in gone})


def digest_of(row: Mapping[str, object]) -> str:
    """Give the digest of everything a row says."""
    text = json.dumps(row, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]
