"""One incremental read of Tryton, from changed rows to whole items and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from data.schemas.batch import Rejection
from service.connectors.reference import Reference
from service.connectors.terms_file import TermsFile
from service.connectors.tryton_items import (
    RawItem,
    Week,
    milestones,
    timesheets,
    tryton_section,
    week_of,
)
from service.connectors.tryton_reference import person_ids, reference_of
from service.connectors.tryton_source import TrytonSource
from service.connectors.tryton_wire import Values
from service.connectors.tryton_works import IgnoredProjectError, UnmappedError, Works

SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrytonChanges:
    """What changed since a cursor, and the cursor to keep once it is stored.

    Of the rows read, received = accepted + ignored + rejected.
    """

    items: tuple[RawItem, ...]
    reference: Reference
    received: int
    accepted: int
    ignored: int
    rejections: tuple[Rejection, ...]
    cursor: str | None


def pull_changes(source: TrytonSource, *, terms: TermsFile, cursor: str | None) -> TrytonChanges:
    """Read what changed since `cursor` (everything without one).

    Employees, projects and tasks are few and read whole; of the timesheet lines, each week in which
    one changed is read whole. A deleted line leaves no change behind: it is gone from its timesheet
    when another line of that week changes, or when a pull without a cursor reads everything.
    """
    employees, tasks = _all(source, "employees"), _all(source, "tasks")
    works = Works((*_all(source, "projects"), *tasks), terms=tryton_section(terms))
    changed, cursor = _changed_lines(source, cursor=cursor)
    weeks = {week for line in changed if (week := _week(line, works=works))}
    lines = [*_whole_weeks(source, works=works, weeks=weeks), *_unplaced(changed, works=works)]
    time, work = (
        timesheets(lines, works=works, terms=terms),
        milestones(tasks, works=works, terms=terms, people=person_ids(employees)),
    )
    return TrytonChanges(
        items=time.items + work.items,
        reference=reference_of(employees, works=works, terms=terms),
        received=len(lines) + len(tasks),
        accepted=time.accepted + work.accepted,
        ignored=time.ignored + work.ignored,
        rejections=time.rejections + work.rejections,
        cursor=cursor,
    )


def _all(source: TrytonSource, entity: str) -> list[Values]:
    return [dict(row) for page in source.pull(entity, cursor=None) for row in page.rows]


def _changed_lines(source: TrytonSource, *, cursor: str | None) -> tuple[list[Values], str | None]:
    lines: dict[int, Values] = {}
    for page in source.pull("timesheet_lines", cursor=cursor):
        cursor = page.cursor
        lines |= {row["id"]: dict(row) for row in page.rows if isinstance(row["id"], int)}
    return list(lines.values()), cursor


def _week(line: Values, *, works: Works) -> Week | None:
    try:
        return week_of(line, work=works.of_line(line))
    except (UnmappedError, IgnoredProjectError):
        return None


def _whole_weeks(source: TrytonSource, *, works: Works, weeks: set[Week]) -> Iterator[Values]:
    for monday in sorted({week.monday for week in weeks}):
        for line in source.timesheet_lines_between(monday, monday + SIX_DAYS):
            if _week(line, works=works) in weeks:
                yield line


def _unplaced(changed: list[Values], *, works: Works) -> list[Values]:
    return [line for line in changed if _week(line, works=works) is None]
