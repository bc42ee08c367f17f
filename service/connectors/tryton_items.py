"""Tryton rows as items: a timesheet per employee, ISO week and contract line; milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from data.schemas.batch import FieldProblem, Rejection
from data.schemas.values import ISO_4217_DIGITS
from data.schemas.vocabulary import AcceptanceKind, ContractType, ItemKind
from service.connectors.shown_text import shown
from service.connectors.terms_file import TermsFile, TrytonTerms
from service.connectors.tryton_cursor import change_key
from service.connectors.tryton_wire import Values
from service.connectors.tryton_works import IgnoredProjectError, MappedWork, UnmappedError, Works

SOURCE = "tryton"
REACHED = Decimal(1)
"""The progress of a task that is a milestone reached."""

PRICED_WITHOUT_HOURS = frozenset({ContractType.FIXED, ContractType.MILESTONE})

RawItem = dict[str, Any]
"""An item as the API takes it, before it is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedItems:
    """Items, and what became of every row they were made from."""

    items: tuple[RawItem, ...]
    accepted: int
    ignored: int
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """The place of a timesheet: an employee, the Monday of an ISO week, a contract line."""

    employee_id: int
    monday: date
    line_id: str


def person_id(employee_id: int) -> str:
    """Our id of a Tryton employee."""
    return f"tryton-employee-{employee_id}"


def task_id(work_id: int) -> str:
    """Our id of a Tryton project task."""
    return f"tryton-task-{work_id}"


def known_person(name: str, *, people: Mapping[str, str]) -> str:
    """Our id of an employee the terms file names. Raises UnmappedError where Tryton has none."""
    if name not in people:
        raise UnmappedError(
            field="employee",
            value=name,
            reason="of the terms file is no employee in Tryton; correct the name",
        )
    return people[name]


def week_of(line: Values, *, work: MappedWork) -> Week:
    """The timesheet a line belongs to."""
    day: date = line["date"]
    return Week(
        line["employee"]["id"], day - timedelta(days=day.weekday()), work.project.line_id
    )  # fmt: skip


def timesheets(lines: Iterable[Values], *, works: Works, terms: TermsFile) -> MappedItems:
    """Make timesheets of whole weeks of lines.

    Give every line of a week: a timesheet made of the changed lines alone would lack the others.
    Time on a contract at a fixed price is ignored: its milestones are billed, not its hours.
    """
    weeks: dict[Week, list[tuple[Values, MappedWork]]] = {}
    rejections, ignored = [], 0
    for number, line in enumerate(lines):
        try:
            work = works.of_line(line)
            _refuse_unusable(line)
            if terms.contract(work.project.contract_id).type in PRICED_WITHOUT_HOURS:
                ignored += 1
                continue
            weeks.setdefault(week_of(line, work=work), []).append((line, work))
        except IgnoredProjectError:
            ignored += 1
        except UnmappedError as error:
            rejections.append(_rejection(number, row=line, what="line", error=error))
    return MappedItems(
        items=tuple(_timesheet(week, booked=weeks[week], terms=terms) for week in sorted(weeks)),
        accepted=sum(len(booked) for booked in weeks.values()),
        ignored=ignored,
        rejections=tuple(rejections),
    )


def milestones(
    tasks: Iterable[Values], *, works: Works, terms: TermsFile, people: Mapping[str, str]
) -> MappedItems:
    """Make a milestone of each task of a project the terms file gives milestones for.

    `people` gives our person id of each employee's name. Tasks of other projects are ignored: they
    bill nothing by themselves.
    """
    items: list[RawItem] = []
    rejections, ignored = [], 0
    for number, task in enumerate(tasks):
        work = _milestone_work(task, works=works)
        if work is None:
            ignored += 1
            continue
        try:
            items.append(_milestone(work, terms=terms, people=people))
        except UnmappedError as error:
            rejections.append(_rejection(number, row=task, what="task", error=error))
    return MappedItems(
        items=tuple(items), accepted=len(items), ignored=ignored, rejections=tuple(rejections)
    )


def tryton_section(terms: TermsFile) -> TrytonTerms:
    """The mapping of Tryton's names; a terms file without one cannot serve a Tryton."""
    if terms.tryton is None:
        raise UnmappedError(
            field="tryton", value=None, reason="is missing in the terms file; add the section"
        )
    return terms.tryton


def _timesheet(
    week: Week, *, booked: Sequence[tuple[Values, MappedWork]], terms: TermsFile
) -> RawItem:
    section = tryton_section(terms)
    year, number, _ = week.monday.isocalendar()
    changed_at, _ = max(change_key(line) for line, _ in booked)
    project = booked[0][1].project
    return {
        "kind": ItemKind.TIMESHEET.value,
        "source": SOURCE,
        "external_id": f"employee-{week.employee_id}.{year}-W{number:02d}.{week.line_id}",
        "person_id": person_id(week.employee_id),
        "contract_id": project.contract_id,
        "line_id": week.line_id,
        "currency": section.currency,
        "zone": section.zone,
        "period_start": week.monday.isoformat(),
        "period_end": (week.monday + timedelta(days=6)).isoformat(),
        "submitted_at": changed_at.isoformat(),
        "entries": [
            _entry(line, work=work, terms=terms)
            for line, work in sorted(booked, key=lambda one: (one[0]["date"], one[0]["id"]))
        ],
    }


def _entry(line: Values, *, work: MappedWork, terms: TermsFile) -> RawItem:
    section = tryton_section(terms)
    person = section.person(line["employee"]["party"]["name"])
    rate = person.hourly_rate_minor
    minutes = _minutes(line["duration"])
    changed_at, _ = change_key(line)
    return {
        "id": f"tryton-line-{line['id']}",
        "work_date": line["date"].isoformat(),
        "minutes_worked": minutes,
        "minutes_billable": minutes,
        "project_id": _our_project_id(work, terms=terms),
        "task_id": task_id(work.row["id"]),
        "labor_category": person.labor_category or section.default_labor_category,
        "hourly_rate_minor": section.default_hourly_rate_minor if rate is None else rate,
        "narrative": line["description"] or "",
        "recorded_at": changed_at.isoformat(),
    }


def _milestone_work(task: Values, *, works: Works) -> MappedWork | None:
    try:
        work = works.mapped(task["id"])
    except (UnmappedError, IgnoredProjectError):
        return None
    return work if work.project.milestones else None


def _milestone(work: MappedWork, *, terms: TermsFile, people: Mapping[str, str]) -> RawItem:
    section, task = tryton_section(terms), work.row
    told = work.project.milestones.get(task["name"])
    if told is None:
        raise UnmappedError(
            field="milestone",
            value=task["name"],
            reason=f"has no due date; add it under milestones of {work.project_name!r} in the "
            "terms file",
        )
    changed_at, _ = change_key(task)
    is_reached = (task["progress"] or 0) >= REACHED
    acceptance = {
        "kind": AcceptanceKind.ACCEPTED.value,
        "at": changed_at.isoformat(),
        "actor": "progress set to 100 % in Tryton",
    }
    return {
        "kind": ItemKind.MILESTONE.value,
        "source": SOURCE,
        "external_id": f"task-{task['id']}",
        "contract_id": work.project.contract_id,
        "line_id": work.project.line_id,
        "project_id": _our_project_id(work, terms=terms),
        "name": task["name"],
        "owner_id": known_person(work.project.manager, people=people),
        "amount_minor": _milestone_amount_minor(task, currency=section.currency),
        "currency": section.currency,
        "zone": section.zone,
        "due_on": told.due_on.isoformat(),
        "is_ready_to_bill": is_reached,
        "submitted_at": changed_at.isoformat(),
        "evidence_required": list(told.evidence_required),
        "evidence_provided": list(told.evidence_provided),
        "acceptance": [acceptance] if is_reached else [],
    }


def _milestone_amount_minor(task: Values, *, currency: str) -> int:
    """What Tryton itself would bill: its effort in hours at an hourly price, or the price once."""
    price = task["list_price"]
    if price is None:
        raise UnmappedError(
            field="list_price", value=None, reason="is empty; give the task a price in Tryton"
        )
    product = task["product"]
    effort: timedelta | None = task["effort_duration"]
    if product and product["default_uom"]["name"] == "Hour" and effort:
        price = price * Decimal(_minutes(effort)) / 60
    return _rounded(price.scaleb(ISO_4217_DIGITS[currency]))


def _our_project_id(work: MappedWork, *, terms: TermsFile) -> str:
    project = work.project
    line = terms.line(contract_id=project.contract_id, line_id=project.line_id)
    return line.project_id if line else project.line_id


def _refuse_unusable(line: Values) -> None:
    if line["duration"] is None or line["duration"] < timedelta(0):
        raise UnmappedError(
            field="duration",
            value=line["duration"],
            reason="is no time worked; correct the line in Tryton",
        )


def _minutes(duration: timedelta) -> int:
    return _rounded(Decimal(duration // timedelta(microseconds=1)) / 60_000_000)


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _rejection(number: int, *, row: Values, what: str, error: UnmappedError) -> Rejection:
    problem = FieldProblem(field=error.field, value=shown(error.value), reason=shown(error.reason))
    return Rejection(row=number, external_id=f"{what}-{row['id']}", problems=(problem,))
