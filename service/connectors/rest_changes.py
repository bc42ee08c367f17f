"""Which rows of an answer are changes, and which rows are gone, for each way of asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from service.connectors.file_rule import Condition
from service.connectors.rest_cursor import RestCursor, SeenRow, digest_of
from service.connectors.rest_entities import Changes, Since, Whole, Window
from service.connectors.rest_paging import Row, id_of
from service.connectors.rest_paths import at, cells_of, text_of
from service.ports.outside_errors import OutsideRefusedError


@dataclass(slots=True, kw_only=True)
class Walk:
    """One pull on its way through the pages."""

    changes: Changes
    standing: RestCursor
    whose: str
    changed_from: datetime | None
    """The earliest change that may come; an earlier one was not asked for."""
    window: tuple[date, date] | None
    """The first and the last day that may come."""
    id: str = "id"
    """Where a row has its id."""
    gone_where: tuple[Condition, ...] = ()
    seen: dict[str, SeenRow] = field(default_factory=dict)
    deleted: dict[str, SeenRow] = field(default_factory=dict)
    """Rows that came, and say themselves that they are deleted."""

    def fresh(self, rows: Sequence[Row]) -> list[Row]:
        """Note the rows of a page; give those that were not given before as they are now."""
        return [row for row in rows if self._is_fresh(row)]

    def so_far(self) -> RestCursor:
        """Give the cursor in the middle: asked the same again, it leaves out what has come."""
        return self._cursor({**self.standing.seen, **self.seen}, since=self.standing.since)

    def gone(self) -> tuple[str, ...]:
        """Give the ids of rows that were given before and are there no longer."""
        known = self.standing.seen
        if isinstance(self.changes, Since):
            told = [one for one, row in self.deleted.items() if known.get(one) != row]
            return tuple(sorted(told))
        return tuple(
            sorted(one for one, row in known.items() if one not in self.seen and self._asked(row))
        )

    def end(self) -> RestCursor:
        """Give the cursor after the last page."""
        changes = self.changes
        if not isinstance(changes, Since):
            return self._cursor(self.seen, since=None)
        rows = {**self.standing.seen, **self.seen, **self.deleted}
        times = [datetime.fromisoformat(row.stamp) for row in rows.values()]
        newest = max([*times, self.standing.since or changes.start])
        edge = newest - timedelta(minutes=changes.overlap_minutes)
        kept = {one: row for one, row in rows.items() if datetime.fromisoformat(row.stamp) >= edge}
        return self._cursor(kept, since=newest)

    def _cursor(self, seen: Mapping[str, SeenRow], *, since: datetime | None) -> RestCursor:
        return RestCursor(kind=self.changes.kind, since=since, seen=dict(seen))

    def _is_fresh(self, row: Row) -> bool:
        row_id = id_of(row, at_path=self.id, whose=self.whose)
        found = SeenRow(digest=digest_of(row), stamp=self._stamp(row, row_id=row_id))
        if self._is_deleted(row):
            self.deleted[row_id] = found
            self.seen.pop(row_id, None)
            return False
        is_known = found in (self.standing.seen.get(row_id), self.seen.get(row_id))
        self.seen[row_id] = found
        return not is_known

    def _is_deleted(self, row: Row) -> bool:
        conditions = self.gone_where
        if not conditions:
            return False
        cells = cells_of(row)
        return all(one.holds(cells) for one in conditions)

    def _stamp(self, row: Row, *, row_id: str) -> str:
        changes = self.changes
        if isinstance(changes, Whole):
            return ""
        stamp = changes.read(text_of(at(row, changes.column)))
        if stamp is None:
            raise OutsideRefusedError(
                f"{self.whose}: row {row_id} says {at(row, changes.column)!r} at "
                f"`changes.column: {changes.column}`, which is no time in the format "
                f"{changes.format} or ISO 8601; correct `column` or `format`"
            )
        self._refuse_unasked(stamp, row_id=row_id)
        return stamp.isoformat()

    def _refuse_unasked(self, stamp: date | datetime, *, row_id: str) -> None:
        """A filter that is ignored would make every row look like a change, or like a deletion."""
        if isinstance(stamp, datetime):
            is_asked = self.changed_from is None or stamp >= self.changed_from
        else:
            is_asked = self._is_in_window(stamp)
        if not is_asked:
            since = self.changed_from or (self.window or [""])[0]
            raise OutsideRefusedError(
                f"{self.whose}: asked for rows from {since} on, it gave row {row_id} of "
                f"{stamp.isoformat()}, so it does not filter as `query` asks; correct the "
                "parameter, or read everything by `changes: {kind: whole}`"
            )

    def _is_in_window(self, day: date) -> bool:
        return self.window is None or self.window[0] <= day <= self.window[1]

    def _asked(self, row: SeenRow) -> bool:
        """Say whether a row that was seen earlier would have come now."""
        if not isinstance(self.changes, Window):
            return True
        return self._is_in_window(date.fromisoformat(row.stamp))


def walk_of(
    changes: Changes,
    *,
    standing: RestCursor,
    now: datetime,
    whose: str,
    id_path: str = "id",
    gone_where: tuple[Condition, ...] = (),
) -> Walk:
    """Begin a pull."""
    changed_from, window = None, None
    if isinstance(changes, Window):
        window = changes.days_round(now.date())
    elif isinstance(changes, Since) and standing.since is not None:
        # The blank may say less than the time, a day for example: what it says is what was asked.
        asked = standing.since - timedelta(minutes=changes.overlap_minutes)
        changed_from = changes.read(changes.written(asked))
    return Walk(
        changes=changes,
        standing=standing,
        whose=whose,
        changed_from=changed_from,
        window=window,
        id=id_path,
        gone_where=gone_where,
    )
