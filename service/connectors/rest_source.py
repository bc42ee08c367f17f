"""A connection as a source of work: rows that changed since a cursor, and those that are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from service.connectors.rest_changes import walk_of
from service.connectors.rest_cursor import RestCursor
from service.connectors.rest_entities import Entity, Since, Whole, Window
from service.connectors.rest_file import label_of
from service.connectors.rest_http import RestSystem
from service.connectors.rest_ledger_file import Call
from service.connectors.rest_paging import Row, id_of, pages_of
from service.connectors.rest_paths import at
from service.ports.outside_errors import OutsideMissingError, OutsideRefusedError
from service.ports.source import Page


class UnknownEntityError(ValueError):
    """An entity that a source does not read."""

    def __init__(self, entity: str, *, whose: str, known: Iterable[str]) -> None:
        super().__init__(f"{whose} has no entity {entity!r}; one of {', '.join(known) or 'none'}")
        self.entity = entity


class RestSource:
    """Reads the entities of a connection file. Every pull may be repeated."""

    def __init__(self, system: RestSystem, *, now: Callable[[], datetime]) -> None:
        """Read from `system`; `now` says which days lie in a window."""
        self._system, self._now = system, now
        self.name = system.connection.name

    def entities(self) -> tuple[str, ...]:
        """Give what can be pulled, in the order in which it is needed."""
        return tuple(self._system.connection.entities)

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        """Give the rows changed since `cursor`, page by page; each page's cursor resumes after it.

        Which rows are gone is known at the end, so the last page says it.
        Raises OutsideRefusedError where the other system does not filter as it was asked to.
        """
        wanted = self._entity(entity)
        standing = RestCursor.read(cursor, kind=wanted.changes.kind)
        walk = walk_of(
            wanted.changes,
            standing=standing,
            now=self._now(),
            whose=self._whose(entity),
            id_path=wanted.id,
            gone_where=wanted.gone_where,
        )
        held: tuple[tuple[Row, ...], str] | None = None
        for rows in pages_of(
            entity, entity=wanted, system=self._system, values=blanks(wanted, standing, self._now())
        ):
            fresh = list(self._wholes(walk.fresh(rows), entity=entity, wanted=wanted))
            if not fresh:
                continue
            if held:
                yield Page(entity=entity, rows=held[0], cursor=held[1])
            held = tuple(fresh), walk.so_far().text()
        gone = walk.gone()
        if held or gone:
            rows_held = held[0] if held else ()
            yield Page(entity=entity, rows=rows_held, cursor=walk.end().text(), gone=gone)

    def first_page(self, entity: str, *, is_far_ahead: bool = False) -> list[Row]:
        """Give the first page as it comes: for a check, which keeps nothing.

        With `is_far_ahead` it asks for changes in ten years: a system that filters gives no row.
        """
        wanted = self._entity(entity)
        now = self._now() + (timedelta(days=3_653) if is_far_ahead else timedelta())
        standing = RestCursor(kind=wanted.changes.kind, since=now if is_far_ahead else None)
        values = blanks(wanted, standing, now)
        rows = next(pages_of(entity, entity=wanted, system=self._system, values=values), [])
        if is_far_ahead or not rows:
            return rows
        return [self._whole(rows[0], entity=entity, wanted=wanted), *rows[1:]]

    def _wholes(self, rows: list[Row], *, entity: str, wanted: Entity) -> Iterator[Row]:
        for row in rows:
            # A row deleted between the list and its detail: the next pull knows that it is gone.
            with suppress(OutsideMissingError):
                yield self._whole(row, entity=entity, wanted=wanted)

    def _whole(self, row: Row, *, entity: str, wanted: Entity) -> Row:
        if wanted.detail is None:
            return row
        whose = self._whose(entity)
        call = Call(path=wanted.detail.path, headers=wanted.headers)
        answer = self._system.read(call, values={"id": id_of(row, at_path=wanted.id, whose=whose)})
        found = at(answer, wanted.detail.at)
        if not isinstance(found, Mapping):
            raise OutsideRefusedError(
                f"{whose}: there is no row at `detail.at: {wanted.detail.at}` of its own answer"
            )
        return found

    def _entity(self, name: str) -> Entity:
        known = self._system.connection.entities
        if name not in known:
            raise UnknownEntityError(name, whose=label_of(self._system.connection), known=known)
        return known[name]

    def _whose(self, entity: str) -> str:
        return f"{label_of(self._system.connection)}: {entity}"


def blanks(entity: Entity, standing: RestCursor, now: datetime) -> dict[str, str]:
    """Give what a request asks with: since when, or which days."""
    match entity.changes:
        case Since() as changes:
            since = changes.start if standing.since is None else standing.since
            asked = since - timedelta(minutes=changes.overlap_minutes)
            return {"since": changes.written(asked)}
        case Window() as changes:
            start, end = changes.days_round(now.date())
            return {
                "window_start": start.strftime(changes.format),
                "window_end": end.strftime(changes.format),
            }
        case Whole():
            return {}
