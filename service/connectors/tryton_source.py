"""Tryton as a source of work: rows changed since a cursor, each change once, none missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.connectors.row_memory import RowMemory, Seen
from service.connectors.tryton_cursor import ChangeCursor, Key, change_key, changed_after
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_wire import Values
from service.ports.source import Page

PAGE_ROWS = 200
ID_ROWS = 1_000
WATCHED = "timesheet_lines"
"""The rows whose deletes are watched: time that is gone must not be billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One kind of row to read: where it lives, which rows, and which fields."""

    model: str
    fields: tuple[str, ...]
    domain: tuple[object, ...] = ()


ENTITIES: dict[str, Entity] = {
    "employees": Entity(
        model="company.employee",
        fields=("party.name", "start_date", "end_date", "supervisor.id"),
    ),
    "projects": Entity(
        model="project.work",
        domain=(["type", "=", "project"],),
        fields=("name", "project_invoice_method", "party.name"),
    ),
    "tasks": Entity(
        model="project.work",
        domain=(["type", "=", "task"],),
        fields=(
            "name",
            "parent.name",
            "progress",
            "list_price",
            "effort_duration",
            "product.default_uom.name",
            "invoice_line",
        ),
    ),
    "allocations": Entity(
        model="project.allocation",
        fields=("employee.id", "work.id", "percentage"),
    ),
    "timesheet_lines": Entity(
        model="timesheet.line",
        fields=(
            "date",
            "duration",
            "description",
            "employee.party.name",
            "work.origin",
            "invoice_line.invoice.state",
        ),
    ),
    "opportunities": Entity(
        model="sale.opportunity",
        fields=(
            "description",
            "party.name",
            "amount",
            "currency.code",
            "conversion_probability",
            "state",
            "start_date",
            "end_date",
        ),
    ),
    "invoices": Entity(
        model="account.invoice",
        domain=(["type", "=", "out"],),
        fields=(
            "number",
            "reference",
            "state",
            "party.name",
            "invoice_date",
            "currency.code",
            "untaxed_amount",
            "total_amount",
            "amount_to_pay",
            "payment_lines.date",
            "lines.amount",
        ),
    ),
}
"""What can be pulled, by the name the rest of the service uses.

Allocations are there where Tryton's module `project_plan` is.
"""

STAMPS = ("write_date", "create_date")


class UnknownEntityError(ValueError):
    """An entity this connector does not read."""

    def __init__(self, entity: str) -> None:
        super().__init__(f"Tryton has no entity {entity!r} for us; one of {', '.join(ENTITIES)}")
        self.entity = entity


class TrytonSource:
    """Reads rows changed since a cursor, oldest change first, each change once."""

    name = "tryton"

    def __init__(
        self,
        rest: TrytonRest,
        *,
        watched_since: Callable[[], date] | None = None,
        page_rows: int = PAGE_ROWS,
    ) -> None:
        """Read over `rest`, at most `page_rows` rows a call.

        A deleted row leaves no change behind. Timesheet lines worked since the day that
        `watched_since` gives are compared by their ids; without it no delete is noticed.
        """
        self._rest = rest
        self._watched_since = watched_since
        self._page_rows = page_rows

    def entities(self) -> tuple[str, ...]:
        """Give the kinds of rows that can be pulled."""
        return tuple(ENTITIES)

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        """Give the changes since `cursor`, page by page; each page's cursor resumes after it.

        Paging goes by (time of change, id) and not by offset: a row that changes meanwhile moves
        to the end instead of pushing another out of sight.
        """
        wanted = _entity(entity)
        standing = ChangeCursor.read(cursor)
        key = standing.start()
        before = standing.last
        while rows := self._changes_after(key, wanted=wanted):
            key = change_key(rows[-1])
            fresh = [row for row in rows if change_key(row) not in standing.given]
            standing = standing.after(change_key(row) for row in fresh)
            if fresh:
                yield Page(entity=entity, rows=tuple(fresh), cursor=standing.text())
        if self._watched_since is not None and entity == WATCHED:
            yield from self._tombstones(standing, since=self._watched_since(), before=before)

    def timesheet_lines_between(self, start: date, end: date) -> Iterator[Values]:
        """Give every timesheet line worked on `start` to `end`, both included, in id order."""
        wanted = ENTITIES["timesheet_lines"]
        last_id = 0
        while rows := self._rest.search(
            wanted.model,
            fields=(*wanted.fields, *STAMPS),
            domain=[["date", ">=", start], ["date", "<=", end], ["id", ">", last_id]],
            limit=self._page_rows,
        ):
            yield from rows
            last_id = rows[-1]["id"]

    def _tombstones(self, standing: ChangeCursor, *, since: date, before: Key) -> Iterator[Page]:
        """Compare the ids of the window with those of the last pull, and keep the new ones."""
        present = {str(line["id"]): _seen(line) for line in self._ids_since(since)}
        known = standing.watched or RowMemory()
        gone = known.since(since).absent(present)
        if gone or standing.last != before or (standing.watched is None and present):
            cursor = replace(standing, watched=RowMemory(rows=present)).text()
            yield Page(entity=WATCHED, rows=(), cursor=cursor, gone=gone)

    def _ids_since(self, day: date) -> Iterator[Values]:
        last_id = 0
        while rows := self._rest.search(
            ENTITIES[WATCHED].model,
            fields=("date", "employee.id", "work.origin"),
            domain=[["date", ">=", day], ["id", ">", last_id]],
            limit=ID_ROWS,
        ):
            yield from rows
            last_id = rows[-1]["id"]

    def _changes_after(self, key: Key, *, wanted: Entity) -> list[Values]:
        """The next rows in the order (change, id), from the two streams that make it up.

        A stream is known only up to its last row, as the server may cap a page below what was
        asked; rows of the other beyond that point wait for the next call.
        """
        written = self._stream(key, wanted=wanted, stamp="write_date", only=())
        unwritten: tuple[object, ...] = (["write_date", "=", None],)
        created = self._stream(key, wanted=wanted, stamp="create_date", only=unwritten)
        known_to = min((change_key(rows[-1]) for rows in (written, created) if rows), default=key)
        rows = sorted((*written, *created), key=change_key)
        return [row for row in rows if change_key(row) <= known_to]

    def _stream(
        self, key: Key, *, wanted: Entity, stamp: str, only: tuple[object, ...]
    ) -> list[Values]:
        return self._rest.search(
            wanted.model,
            fields=(*wanted.fields, *STAMPS),
            domain=[*wanted.domain, *only, changed_after(key, stamp=stamp)],
            order=((stamp, "ASC"), ("id", "ASC")),
            limit=self._page_rows,
        )


def _entity(name: str) -> Entity:
    if name not in ENTITIES:
        raise UnknownEntityError(name)
    return ENTITIES[name]


def _seen(line: Values) -> Seen:
    """What is kept of a line: who booked it on what. Edits have their own time of change."""
    return Seen(day=line["date"], place=place_of(line), digest="")


def place_of(line: Values) -> str:
    """Give who booked a line on which work, for the day it is gone: `3/project.work,7`."""
    return f"{line['employee']['id']}/{(line['work'] or {}).get('origin') or ''}"
