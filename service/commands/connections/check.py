"""Try a connection file: its words first, then, if asked, what its system really answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from data.schemas.batch import Rejection
from service.clock import SystemClock
from service.commands.connections.sync import synced_entities
from service.connectors.file_layout import OF_ITEMS
from service.connectors.files import Told, take_rows
from service.connectors.posting_lock import PostingLock
from service.connectors.rest_entities import Whole
from service.connectors.rest_file import Connection, read_connection
from service.connectors.rest_http import RestSystem, connect_rest
from service.connectors.rest_ledger import RestLedger
from service.connectors.rest_rows import (
    named_columns,
    read_rows,
    refuse_unknown_columns,
    rows_of,
    split_by_where,
)
from service.connectors.rest_source import RestSource
from service.ports.outside_errors import OutsideError
from service.settings import Settings
from service.wiring.connections import connection_file, secret_files

UNUSED_TOKEN = "countersign-check-of-an-unused-token"  # noqa: S105 - a word no bill carries


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried."""

    what: str
    is_good: bool
    told: str


def check_connection(settings: Settings, named: str, *, is_live: bool) -> tuple[Finding, ...]:
    """Check a file, and its system where it is asked for. Raises FileMistakesError.

    Nothing is written anywhere: of the ledger only the look-up is tried.
    """
    path = connection_file(settings, named)
    connection = read_connection(path)
    found = [_of_file(connection, path=path)]
    if is_live:
        found += _live(settings, connection)
    return tuple(found)


def _of_file(connection: Connection, *, path: Path) -> Finding:
    entities = ", ".join(connection.entities) or "nothing"
    bills = "takes bills" if connection.ledger else "takes no bills"
    return Finding(what=path.name, is_good=True, told=f"reads {entities}; {bills}")


def _live(settings: Settings, connection: Connection) -> Iterator[Finding]:
    with closing(connect_rest(connection, secrets=secret_files(settings))) as system:
        source = RestSource(system, now=SystemClock().now)
        for name, entity in connection.entities.items():
            yield _tried(name, partial(_of_page, name, source=source, system=system))
            if not isinstance(entity.changes, Whole):
                yield _tried(
                    f"{name}, asked for a day in ten years",
                    partial(_of_filter, name, source=source),
                )
        if connection.ledger is not None:
            ledger = RestLedger(
                system, section=connection.ledger, lock=PostingLock(settings.home / "locks")
            )
            yield _tried("ledger.find, asked for an unused token", lambda: _of_find(ledger))


def _tried(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except OutsideError as error:
        return Finding(what=what, is_good=False, told=str(error))


def _of_page(name: str, *, source: RestSource, system: RestSystem) -> Finding:
    plan = synced_entities(system.connection)[name]
    rows = source.first_page(name)
    # Of a list only the first row is read whole, so that a check asks little.
    if system.connection.entities[name].detail is not None:
        rows = rows[:1]
    cells, left_out = split_by_where(rows_of(rows, children=plan.children), mapping=plan.mapping)
    refuse_unknown_columns(cells, mapping=plan.mapping, whose=name)
    rejections: list[Rejection] = []
    found = take_rows(
        read_rows(cells, columns=named_columns(plan.mapping)),
        path=Path(name),
        mapping=plan.mapping,
        now=SystemClock().now(),
        told=Told(given_back=lambda one: rejections.append(one.rejection)),
    )
    made = f"{len(found.items)} items" if plan.mapping.kind in OF_ITEMS else "records"
    told = f"{len(rows)} rows on the first page: {found.accepted} mapped into {made}"
    told += f", {left_out} left out, {found.rejected} not taken"
    for problem in rejections[0].problems[:1] if rejections else ():
        told += f"; the first: {problem.field} {problem.value!r} {problem.reason}"
    return Finding(what=name, is_good=bool(rows) and not found.rejected, told=told)


def _of_filter(name: str, *, source: RestSource) -> Finding:
    rows = source.first_page(name, is_far_ahead=True)
    if not rows:
        return Finding(what=f"{name}, asked for a day in ten years", is_good=True, told="no rows")
    return Finding(
        what=f"{name}, asked for a day in ten years",
        is_good=False,
        told=f"{len(rows)} rows came, so the filter is ignored; correct the parameter in `query`, "
        "or read everything by `changes: {kind: whole}`",
    )


def _of_find(ledger: RestLedger) -> Finding:
    what = "ledger.find, asked for an unused token"
    found = ledger.find_by_token(UNUSED_TOKEN)
    if found is None:
        return Finding(what=what, is_good=True, told="no document")
    return Finding(what=what, is_good=False, told=f"document {found.document_id} came")
