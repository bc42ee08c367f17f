"""All pages of one request, by whichever of the usual ways; never a page too few in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from service.connectors.outside_http import Answer
from service.connectors.rest_entities import (
    ByCursor,
    ByLink,
    ByOffset,
    ByPageNumber,
    Entity,
    OnePage,
)
from service.connectors.rest_file import label_of
from service.connectors.rest_http import RestSystem
from service.connectors.rest_ledger_file import Call
from service.connectors.rest_paths import at, text_of
from service.connectors.rest_template import Values
from service.ports.outside_errors import OutsideRefusedError

Row = Mapping[str, object]
_NEXT = re.compile(r'<([^>]*)>\s*;[^<]*?\brel="?next"?(?=[\s;,"]|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the next page begins."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    link: str | None = None
    rows_before: int = 0


def pages_of(
    name: str, *, entity: Entity, system: RestSystem, values: Values
) -> Iterator[list[Row]]:  # fmt: skip
    """Give the rows of each page.

    Raises OutsideRefusedError for an answer without the list, for a page that repeats the one
    before (the parameter of paging is ignored), and for more pages than `max_pages`.
    """
    call = Call(
        method=entity.method,
        path=entity.path,
        query=entity.query,
        headers=entity.headers,
        body=entity.body,
    )
    whose = f"{label_of(system.connection)}: {name}"
    place: _Place | None = _Place(parameters=_first(entity))
    before: list[str] = []
    for number in count(1):
        if place is None:
            return
        if number > entity.max_pages:
            raise OutsideRefusedError(
                f"{whose} has more than {entity.max_pages} pages; raise `max_pages`, or ask for "
                "fewer rows by `changes`"
            )
        answer = system.page(call, values=values, more=place.parameters, link=place.link)
        rows = _rows(answer.body, entity=entity, whose=whose)
        ids = [id_of(row, at_path=entity.id, whose=whose) for row in rows]
        if ids and ids == before:
            raise OutsideRefusedError(
                f"{whose}: page {number} holds the rows of the page before once more, so the other "
                "system ignores how the page is asked for; correct `paging`"
            )
        before = ids
        yield rows
        place = _after(place, entity=entity, answer=answer, rows=rows)


def id_of(row: Row, *, at_path: str, whose: str) -> str:
    """Give the id of a row. Raises OutsideRefusedError for a row without one."""
    found = text_of(at(row, at_path))
    if not found:
        known = ", ".join(list(row)[:12])
        raise OutsideRefusedError(
            f"{whose}: a row has nothing at `id: {at_path}`; the row has {known}"
        )
    return found


def _rows(body: object, *, entity: Entity, whose: str) -> list[Row]:
    found = at(body, entity.rows)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        has = f"it has {', '.join(map(str, list(body)[:12]))}" if isinstance(body, dict) else ""
        where = f"at `rows: {entity.rows}`" if entity.rows else "in the answer itself"
        raise OutsideRefusedError(
            f"{whose}: there is no list of rows {where}; {has or 'set `rows` to where it stands'}"
        )
    return found


def _first(entity: Entity) -> dict[str, str]:
    paging = entity.paging
    size = {}
    if not isinstance(paging, OnePage) and paging.size_parameter:
        size = {paging.size_parameter: str(paging.size)}
    match paging:
        case ByOffset():
            return size | {paging.parameter: "0"}
        case ByPageNumber():
            return size | {paging.parameter: str(paging.first)}
        case OnePage() | ByCursor() | ByLink():
            return size


def _after(
    place: _Place, *, entity: Entity, answer: Answer, rows: list[Row]
) -> _Place | None:  # fmt: skip
    """Give the place of the next page, or None after the last.

    The rows that came are counted, never those asked for: servers cap a page without saying so.
    """
    paging, so_far = entity.paging, place.rows_before + len(rows)
    match paging:
        case OnePage():
            return None
        case ByLink():
            found = _NEXT.search(answer.headers.get("link", ""))
            return _Place(link=found[1], rows_before=so_far) if found else None
        case ByCursor():
            word = text_of(at(answer.body, paging.at))
            if not word or place.parameters.get(paging.parameter) == word:
                return None
            return _moved(place, paging.parameter, word, so_far)
        case ByOffset() | ByPageNumber():
            total = text_of(at(answer.body, paging.total)) if paging.total else ""
            if not rows or (total.isdigit() and so_far >= int(total)):
                return None
            step = len(rows) if isinstance(paging, ByOffset) else 1
            now_at = int(place.parameters[paging.parameter])
            return _moved(place, paging.parameter, str(now_at + step), so_far)


def _moved(place: _Place, parameter: str, value: str, rows_before: int) -> _Place:
    return _Place(parameters={**place.parameters, parameter: value}, rows_before=rows_before)
