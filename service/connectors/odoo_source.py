"""Odoo as a source of work: rows changed since a cursor, and the time that is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from pydantic import ValidationError

from data.schemas.values import Record
from service.connectors.odoo_rpc import OdooRpc, Values
from service.connectors.rest_changes import walk_of
from service.connectors.rest_cursor import RestCursor
from service.connectors.rest_entities import Since
from service.connectors.rest_source import UnknownEntityError
from service.connectors.row_memory import UnreadableMemoryError
from service.ports.source import Page

PAGE_ROWS = 100
ID_ROWS = 1_000
STAMP = "write_date"
CHANGES = Since(kind="since", column=STAMP, format="%Y-%m-%d %H:%M:%S", overlap_minutes=10)
"""Odoo shows whole seconds and keeps microseconds, and a change carries the time its transaction
began: asked is `>=` ten minutes earlier, and what came already is told by its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One kind of row: its model, which rows, and which fields."""

    model: str
    fields: tuple[str, ...]
    domain: tuple[object, ...] = ()
    booleans: frozenset[str] = frozenset()
    """Fields in which false is an answer; in every other it means that nothing is there."""


ENTITIES: Mapping[str, Entity] = MappingProxyType(
    {
        "employees": Entity(model="hr.employee", fields=("name", "hourly_cost", "parent_id")),
        "projects": Entity(model="project.project", fields=("name", "partner_id", "user_id")),
        "timesheets": Entity(
            model="account.analytic.line",
            domain=(["project_id", "!=", False],),
            fields=(
                "date", "unit_amount", "name", "employee_id", "project_id", "task_id", "so_line",
                "timesheet_invoice_id", "timesheet_invoice_type",
            ),
        ),
        "milestones": Entity(
            model="project.milestone",
            fields=(
                "name", "project_id", "deadline", "is_reached", "reached_date", "sale_line_id",
                "quantity_percentage",
            ),
            booleans=frozenset({"is_reached"}),
        ),
        "opportunities": Entity(
            model="crm.lead",
            fields=("name", "expected_revenue", "probability", "stage_id", "date_deadline"),
        ),
    }
)  # fmt: skip
"""What can be pulled."""
WATCHED = "timesheets"
"""The rows whose deletes are watched: time that is gone must not be billed. Odoo logs no delete."""


class OdooCursor(Record):
    """The changes given so far, and the ids of the watched window."""

    changes: RestCursor
    watched: dict[str, str] | None = None
    """The day of each row, by its id."""

    @classmethod
    def read(cls, text: str | None) -> OdooCursor:
        """Read what `text()` wrote. Raises UnreadableMemoryError."""
        if text is None:
            return cls(changes=RestCursor(kind=CHANGES.kind))
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise UnreadableMemoryError(text) from error

    def text(self) -> str:
        """Write it down."""
        return self.model_dump_json()


class OdooSource:
    """Reads rows changed since a cursor, oldest change first, each change once."""

    name = "odoo"

    def __init__(
        self,
        rpc: OdooRpc,
        *,
        now: Callable[[], datetime],
        watched_since: Callable[[], date],
        page_rows: int = PAGE_ROWS,
    ) -> None:
        """Read over `rpc`; time worked since the day of `watched_since` is watched for deletes."""
        self._rpc, self._now, self._watched_since = rpc, now, watched_since
        self._page_rows = page_rows

    def entities(self) -> tuple[str, ...]:
        """Give the kinds of rows that can be pulled."""
        return tuple(ENTITIES)

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        """Give the changes since `cursor`, page by page; each page's cursor resumes after it."""
        if entity not in ENTITIES:
            raise UnknownEntityError(entity, whose="Odoo", known=ENTITIES)
        standing = OdooCursor.read(cursor)
        walk = walk_of(
            CHANGES, standing=standing.changes, now=self._now(), whose=f"Odoo: {entity}"
        )  # fmt: skip
        held: tuple[Values, ...] = ()
        held_cursor = ""
        for rows in self._pages(ENTITIES[entity], standing=standing.changes):
            fresh = tuple(dict(row) for row in walk.fresh(rows))
            if fresh and held:
                yield Page(entity=entity, rows=held, cursor=held_cursor)
            if fresh:
                so_far = OdooCursor(changes=walk.so_far(), watched=standing.watched)
                held, held_cursor = fresh, so_far.text()
        watched = self._watched() if entity == WATCHED else None
        gone = self._gone(standing.watched or {}, watched or {})
        if held or gone:
            end = OdooCursor(changes=walk.end(), watched=watched)
            yield Page(entity=entity, rows=held, cursor=end.text(), gone=gone)

    def _pages(self, entity: Entity, *, standing: RestCursor) -> Iterator[list[Values]]:
        """Give the pages from the cursor on, by time of change and not by offset.

        A row that changes meanwhile moves to the end instead of pushing another out of sight. The
        second that a page ends in is asked for again, as rows of it may be left; only within one
        second, which Odoo cannot be asked to cut, is the offset counted.
        """
        since = CHANGES.start if standing.since is None else standing.since
        start = CHANGES.written(since - timedelta(minutes=CHANGES.overlap_minutes))
        offset = 0
        while rows := self._rpc.search(
            entity.model,
            domain=[*entity.domain, [STAMP, ">=", start]],
            fields=(*entity.fields, STAMP),
            order=f"{STAMP}, id",
            limit=self._page_rows,
            offset=offset,
        ):
            yield [_told(row, booleans=entity.booleans) for row in rows]
            last = str(rows[-1][STAMP])
            start, offset = (last, 0) if last > start else (start, offset + len(rows))

    def _watched(self) -> dict[str, str]:
        entity, found, last_id = ENTITIES[WATCHED], dict[str, str](), 0
        since = self._watched_since().isoformat()
        while rows := self._rpc.search(
            entity.model,
            domain=[*entity.domain, ["date", ">=", since], ["id", ">", last_id]],
            fields=("date",),
            limit=ID_ROWS,
        ):
            found |= {str(row["id"]): str(row["date"]) for row in rows}
            last_id = rows[-1]["id"]
        return found

    def _gone(self, before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
        """Give the rows of the window that are missing, and not only moved to an earlier day."""
        since = self._watched_since().isoformat()
        missing = [int(one) for one, day in before.items() if day >= since and one not in now]
        if not missing:
            return ()
        moved = self._rpc.search(
            ENTITIES[WATCHED].model,
            domain=[["id", "in", missing]],
            fields=("date",),
            limit=len(missing),
        )
        there = {row["id"] for row in moved}
        return tuple(str(one) for one in missing if one not in there)


def _told(row: Values, *, booleans: frozenset[str]) -> Values:
    return {
        name: None if value is False and name not in booleans else value
        for name, value in row.items()
    }
