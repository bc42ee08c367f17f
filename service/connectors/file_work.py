"""One row of a file as work done: who, when, on what, how long, at which rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.connectors import file_values as values
from service.connectors.file_mapping import Mapping, Spread
from service.connectors.file_rows import FileRow
from service.connectors.file_rule import Rule

END_OF_WORK = time(18)
"""When work without its own time of recording counts as recorded, in local time."""

LABOR_CATEGORY = "staff"

MAX_DAYS = 366
"""Days one row may be laid over; beyond them a figure is a typing error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work of one person on one day, and where it belongs."""

    id: str
    person_id: str
    client_id: str
    contract_id: str
    line_id: str
    project_id: str
    task_id: str
    labor_category: str
    hourly_rate_minor: int
    work_date: date
    minutes_worked: int
    minutes_billable: int
    narrative: str
    recorded_at: datetime
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    activity: str | None = None
    location: str | None = None
    change_order_id: str | None = None
    adjustment_reason: str = ""
    approver_id: str | None = None
    approved_at: datetime | None = None


def work_of(row: FileRow, *, mapping: Mapping, row_id: str) -> Work:
    """Read a row by its mapping. Raises CellError for the first cell that does not fit."""
    fields, mark = mapping.fields, mapping.decimal_mark
    project = values.text(row, rule=fields.project_id, field="project_id")
    contract = _text(row, rule=fields.contract_id, field="contract_id", otherwise=project)
    worked = values.minutes(
        row, rule=fields.minutes_worked, field="minutes_worked", decimal_mark=mark
    )
    day = values.day(row, rule=fields.work_date, field="work_date")
    return Work(
        id=f"{mapping.source}-{row_id}",
        person_id=values.text(row, rule=fields.person_id, field="person_id"),
        client_id=_text(
            row, rule=fields.client_id, field="client_id", otherwise=f"{contract}-client"
        ),
        contract_id=contract,
        line_id=_text(row, rule=fields.line_id, field="line_id", otherwise=f"{contract}-work"),
        project_id=project,
        task_id=_text(row, rule=fields.task_id, field="task_id", otherwise=f"{project}-task"),
        labor_category=_text(
            row, rule=fields.labor_category, field="labor_category", otherwise=LABOR_CATEGORY
        ),
        hourly_rate_minor=values.money_minor(
            row,
            rule=fields.hourly_rate_minor,
            field="hourly_rate_minor",
            decimal_mark=mark,
            currency=mapping.terms.currency,
        ),
        work_date=day,
        minutes_worked=worked,
        minutes_billable=_minutes_billable(row, mapping=mapping, otherwise=worked),
        narrative=_text(row, rule=fields.narrative, field="narrative", otherwise=""),
        recorded_at=_recorded_at(row, mapping=mapping, day=day),
        submitted_at=_known_instant(row, mapping=mapping, field="submitted_at"),
        started_at=_known_instant(row, mapping=mapping, field="started_at"),
        ended_at=_known_instant(row, mapping=mapping, field="ended_at"),
        activity=_known_text(row, mapping=mapping, field="activity"),
        location=_known_text(row, mapping=mapping, field="location"),
        change_order_id=_known_text(row, mapping=mapping, field="change_order_id"),
        adjustment_reason=_known_text(row, mapping=mapping, field="adjustment_reason") or "",
        approver_id=_known_text(row, mapping=mapping, field="approver_id"),
        approved_at=_known_instant(row, mapping=mapping, field="approved_at"),
    )


def spread_over_days(work: Work, *, spread: Spread) -> Iterator[Work]:
    """Give the work of a row as days, the last first; what fits one day stays as it is.

    Raises CellError for more than MAX_DAYS of work in one row.
    """
    limit = spread.max_minutes_per_day
    if work.minutes_worked > MAX_DAYS * limit:
        raise values.CellError(
            field="minutes_worked",
            value=str(work.minutes_worked),
            reason=f"is more than {MAX_DAYS} days of {limit} minutes; split the row in the source",
        )
    if work.minutes_worked <= limit:
        yield work
        return
    day, piece = work.work_date, 1
    worked, billable = work.minutes_worked, work.minutes_billable
    while worked > 0:
        here = min(limit, worked)
        yield replace(
            work,
            id=f"{work.id}-{piece}",
            work_date=day,
            minutes_worked=here,
            minutes_billable=min(here, billable),
            started_at=None,
            ended_at=None,
        )
        worked, billable, piece = worked - here, max(0, billable - here), piece + 1
        day = _working_day_before(day, working_days=spread.working_days)


def _working_day_before(day: date, *, working_days: tuple[int, ...]) -> date:
    earlier = day - timedelta(days=1)
    while earlier.isoweekday() not in working_days:
        earlier -= timedelta(days=1)
    return earlier


def _text(row: FileRow, *, rule: Rule | None, field: str, otherwise: str) -> str:
    return values.text(row, rule=rule, field=field) if rule else otherwise


def _minutes_billable(row: FileRow, *, mapping: Mapping, otherwise: int) -> int:
    rule = mapping.fields.minutes_billable
    if not all(condition.holds(row.cells) for condition in mapping.billable_where):
        return 0
    if rule is None:
        return otherwise
    return values.minutes(
        row, rule=rule, field="minutes_billable", decimal_mark=mapping.decimal_mark
    )


def _recorded_at(row: FileRow, *, mapping: Mapping, day: date) -> datetime:
    rule, zone = mapping.fields.recorded_at, mapping.terms.zone
    if rule:
        return values.instant(row, rule=rule, field="recorded_at", zone=zone)
    return datetime.combine(day, END_OF_WORK, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _known_text(row: FileRow, *, mapping: Mapping, field: str) -> str | None:
    rule: Rule | None = getattr(mapping.fields, field)
    if rule is None or values.is_empty(row, rule=rule):
        return None
    return values.text(row, rule=rule, field=field) or None


def _known_instant(row: FileRow, *, mapping: Mapping, field: str) -> datetime | None:
    rule: Rule | None = getattr(mapping.fields, field)
    if rule is None or values.is_empty(row, rule=rule):
        return None
    return values.instant(row, rule=rule, field=field, zone=mapping.terms.zone)
