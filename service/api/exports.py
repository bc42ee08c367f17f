"""Lists as files: what the list shows, all pages of it, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from data.schemas.vocabulary import PostingStatus
from service.api.access import Auditor, Parts, Reader
from service.api.cases import get_cases
from service.api.decisions import get_decisions
from service.api.export_cells import Cell
from service.api.export_columns import TITLES, audit_row, case_row, decision_row, posting_row
from service.api.export_files import csv_parts, workbook
from service.api.parts import ApiParts
from service.api.postings import get_postings
from service.api.trail import get_audit_events
from service.domain.actor import Actor
from service.usecases.figures.note_export import note_export
from service.wire.audit import AuditQuery, AuditSearch
from service.wire.cases import MAX_PAGE, CaseQuery, CaseSearch

router = APIRouter(prefix="/v1/exports", tags=["exports"], default_response_class=StreamingResponse)


class FileKind(StrEnum):
    """The kinds of files a list is given as."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES: Mapping[FileKind, str] = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


PageAt = Callable[[str | None], tuple[Iterable[tuple[Cell, ...]], str | None]]
"""Gives the rows of the page at a cursor, and the cursor of the next."""


@router.get("/cases.{ending}")
def get_case_export(
    ending: FileKind, parts: Parts, actor: Reader, wanted: Annotated[CaseSearch, Query()]
) -> StreamingResponse:
    """Give the cases of a list as a file."""

    def page_at(cursor: str | None) -> tuple[Iterable[tuple[Cell, ...]], str | None]:
        query = CaseQuery(**dict(wanted), cursor=cursor, limit=MAX_PAGE)
        page = get_cases(parts, actor, query)
        return map(case_row, page.cases), page.next_cursor

    return _file("cases", ending, page_at, parts, actor, filters=_told(wanted))


@router.get("/decisions.{ending}")
def get_decision_export(
    ending: FileKind, parts: Parts, actor: Reader, *, mine: bool = True
) -> StreamingResponse:
    """Give decisions as a file: one's own, or for approvers and auditors everybody's."""

    def page_at(cursor: str | None) -> tuple[Iterable[tuple[Cell, ...]], str | None]:
        page = get_decisions(parts, actor, mine=mine, cursor=cursor, limit=MAX_PAGE)
        return map(decision_row, page.decisions), page.next_cursor

    return _file("decisions", ending, page_at, parts, actor, filters={"mine": str(mine).lower()})


@router.get("/postings.{ending}")
def get_posting_export(
    ending: FileKind, parts: Parts, actor: Reader, status: PostingStatus | None = None
) -> StreamingResponse:
    """Give postings as a file."""

    def page_at(cursor: str | None) -> tuple[Iterable[tuple[Cell, ...]], str | None]:
        page = get_postings(parts, actor, status=status, cursor=cursor, limit=MAX_PAGE)
        return map(posting_row, page.postings), page.next_cursor

    filters = {} if status is None else {"status": status.value}
    return _file("postings", ending, page_at, parts, actor, filters=filters)


@router.get("/audit.{ending}")
def get_audit_export(
    ending: FileKind, parts: Parts, actor: Auditor, wanted: Annotated[AuditSearch, Query()]
) -> StreamingResponse:
    """Give entries of the audit trail as a file, oldest first."""

    def page_at(cursor: str | None) -> tuple[Iterable[tuple[Cell, ...]], str | None]:
        query = AuditQuery(**dict(wanted), cursor=cursor, limit=MAX_PAGE)
        page = get_audit_events(parts, actor, query)
        return map(audit_row, page.entries), page.next_cursor

    return _file("audit", ending, page_at, parts, actor, filters=_told(wanted))


def _file(
    name: str,
    ending: FileKind,
    page_at: PageAt,
    parts: ApiParts,
    actor: Actor,
    *,
    filters: Mapping[str, str],
) -> StreamingResponse:
    # The first page is read before anything is answered: whoever may not read it is told so.
    first = page_at(None)
    now = parts.clock.now()
    parts.writer.run(
        lambda uow: note_export(
            f"{name}.{ending}", subject=name, actor=actor, uow=uow, now=now, filters=filters
        )
    )
    rows = _rows(first, page_at)
    titles: Sequence[str] = TITLES[name]
    if ending is FileKind.CSV:
        content = csv_parts(titles, rows)
    else:
        content = workbook(titles, rows, name=name.capitalize())
    return StreamingResponse(
        content,
        media_type=MEDIA_TYPES[ending],
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{now:%Y%m%d-%H%M%S}.{ending}"'
        },
    )


def _rows(
    first: tuple[Iterable[tuple[Cell, ...]], str | None], page_at: PageAt
) -> Iterator[tuple[Cell, ...]]:
    rows, cursor = first
    yield from rows
    while cursor is not None:
        rows, cursor = page_at(cursor)
        yield from rows


def _told(wanted: BaseModel) -> dict[str, str]:
    """The filters in force for the audit trail, which holds no free text."""
    given = wanted.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {name: "(text)" if name == "q" else str(one) for name, one in given.items()}
