"""Tryton rows as items: a timesheet per employee, ISO week and contract line; milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from data.schemas.values import ISO_4217_DIGITS
from data.schemas.vocabulary import AcceptanceKind, ItemKind
from service.connectors.booked_time import (
    BookedTime,
    MappedItems,
    RawItem,
    is_billed_by_hours,
    our_project_id,
    timesheets_of,
)
from service.connectors.terms_file import TermsFile
from service.connectors.tryton_cursor import change_key
from service.connectors.tryton_wire import Values
from service.connectors.tryton_works import MappedWork, Works
from service.connectors.unmapped import (
    IgnoredProjectError,
    UnmappedError,
    known_person,
    rejection_of,
)
from service.connectors.whole_weeks import Week
from service.connectors.work_terms import TrytonTerms

SOURCE, SYSTEM = "tryton", "Tryton"
REACHED = Decimal(1)
"""The progress of a task that is a milestone reached."""


def person_id(employee_id: int) -> str:
    """Our id of a Tryton employee."""
    return f"tryton-employee-{employee_id}"


def task_id(work_id: int) -> str:
    """Our id of a Tryton project task."""
    return f"tryton-task-{work_id}"


def week_of(line: Values, *, work: MappedWork) -> Week:
    """The timesheet a line belongs to."""
    employee = f"employee-{line['employee']['id']}"
    return Week.of(line["date"], person_key=employee, line_id=work.project.line_id)


def booked_time(
    lines: Iterable[Values], *, works: Works, terms: TermsFile
) -> tuple[list[BookedTime], MappedItems]:
    """Tie lines to contract lines; also give the timesheets they make, with every row's fate.

    Give every line of a week: a timesheet made of the changed lines alone would lack the others.
    Time on a contract at a fixed price is ignored: its milestones are billed, not its hours.
    """
    booked: list[BookedTime] = []
    rejections, ignored = [], 0
    for number, line in enumerate(lines):
        try:
            work = works.of_line(line)
            _refuse_unusable(line)
        except IgnoredProjectError:
            ignored += 1
        except UnmappedError as error:
            rejections.append(rejection_of(number, external_id=f"line-{line['id']}", error=error))
        else:
            if is_billed_by_hours(work.project, terms=terms):
                booked.append(_booked(line, work=work))
            else:
                ignored += 1
    booked.sort(key=lambda one: (one.week, one.day, int(one.id.rpartition("-")[2])))
    section = tryton_section(terms)
    return booked, MappedItems(
        items=timesheets_of(booked, source=SOURCE, section=section, terms=terms),
        accepted=len(booked),
        ignored=ignored,
        rejections=tuple(rejections),
    )


def timesheets(lines: Iterable[Values], *, works: Works, terms: TermsFile) -> MappedItems:
    """Make timesheets of whole weeks of lines."""
    return booked_time(lines, works=works, terms=terms)[1]


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
            rejections.append(rejection_of(number, external_id=f"task-{task['id']}", error=error))
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


def _booked(line: Values, *, work: MappedWork) -> BookedTime:
    minutes = _minutes(line["duration"])
    changed_at, _ = change_key(line)
    return BookedTime(
        id=f"tryton-line-{line['id']}",
        week=week_of(line, work=work),
        day=line["date"],
        person_id=person_id(line["employee"]["id"]),
        person_name=line["employee"]["party"]["name"],
        minutes_worked=minutes,
        minutes_billable=minutes,
        project=work.project,
        task_id=task_id(work.row["id"]),
        narrative=line["description"] or "",
        changed_at=changed_at,
    )


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
        "project_id": our_project_id(work.project, terms=terms),
        "name": task["name"],
        "owner_id": known_person(work.project.manager, people=people, system=SYSTEM),
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
