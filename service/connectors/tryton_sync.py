"""One incremental read of Tryton, from changed rows to whole items and what they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.connectors.booked_time import Changes, dated_by_loss, emptied_weeks
from service.connectors.row_memory import Seen
from service.connectors.terms_file import TermsFile
from service.connectors.tryton_cursor import ChangeCursor
from service.connectors.tryton_items import booked_time, milestones, tryton_section, week_of
from service.connectors.tryton_reference import person_ids, reference_of
from service.connectors.tryton_source import TrytonSource
from service.connectors.tryton_wire import Values
from service.connectors.tryton_works import Works
from service.connectors.unmapped import IgnoredProjectError, UnmappedError
from service.connectors.whole_weeks import Week, lost_weeks, rows_of_weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """The timesheet lines that changed, and what was seen of these and of those that are gone."""

    changed: Mapping[int, Values]
    left: tuple[tuple[Seen, Values | None], ...]
    cursor: str | None


def pull_changes(
    source: TrytonSource, *, terms: TermsFile, cursor: str | None, now: datetime
) -> Changes:
    """Read what changed since `cursor` (everything without one).

    Employees, projects and tasks are few and read whole; of the timesheet lines, each week in which
    one changed, was deleted or was moved elsewhere is read whole.
    """
    employees, tasks = _all(source, "employees"), _all(source, "tasks")
    section = tryton_section(terms)
    works = Works((*_all(source, "projects"), *tasks), terms=section)
    allocations = _all(source, "allocations") if section.reads_allocations else []
    read = _lines(source, cursor=cursor)

    def place(line: Values) -> Week | None:
        return _week(line, works=works)

    lost = lost_weeks(((_as_line(seen), line) for seen, line in read.left), week_of=place)
    touched = {*lost, *(week for line in read.changed.values() if (week := place(line)))}
    lines = [
        *rows_of_weeks(touched, rows_between=source.timesheet_lines_between, week_of=place),
        *(line for line in read.changed.values() if place(line) is None),
    ]
    booked, time = booked_time(lines, works=works, terms=terms)
    work = milestones(tasks, works=works, terms=terms, people=person_ids(employees))
    return Changes(
        items=dated_by_loss(time.items, weeks=lost, noticed_at=now) + work.items,
        reference=reference_of(employees, works=works, terms=terms, allocations=allocations),
        received=len(lines) + len(tasks),
        accepted=time.accepted + work.accepted,
        ignored=time.ignored + work.ignored,
        rejections=time.rejections + work.rejections,
        emptied=emptied_weeks(touched, booked=booked),
        cursor=read.cursor,
    )


def _all(source: TrytonSource, entity: str) -> list[Values]:
    return [dict(row) for page in source.pull(entity, cursor=None) for row in page.rows]


def _lines(source: TrytonSource, *, cursor: str | None) -> _Lines:
    watched = ChangeCursor.read(cursor).watched
    known = {} if watched is None else watched.rows
    changed: dict[int, Values] = {}
    gone: set[str] = set()
    for page in source.pull("timesheet_lines", cursor=cursor):
        cursor = page.cursor
        gone |= set(page.gone)
        changed |= {row["id"]: dict(row) for row in page.rows if isinstance(row["id"], int)}
    left = tuple(
        (known[one], changed.get(int(one)))
        for one in sorted(gone | {str(row_id) for row_id in changed})
        if one in known
    )
    return _Lines(changed=changed, left=left, cursor=cursor)


def _as_line(seen: Seen) -> Values:
    """What a line was, as far as its place is concerned."""
    employee, _, origin = seen.place.partition("/")
    day: date = seen.day
    return {"date": day, "employee": {"id": int(employee)}, "work": {"origin": origin}}


def _week(line: Values, *, works: Works) -> Week | None:
    try:
        return week_of(line, work=works.of_line(line))
    except (UnmappedError, IgnoredProjectError):
        return None
