"""Time as a system of delivery booked it, made into timesheets as the product checks them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data.schemas.batch import Rejection
from data.schemas.vocabulary import ContractType, ItemKind
from service.connectors.reference import Reference
from service.connectors.terms_file import TermsFile
from service.connectors.whole_weeks import Week
from service.connectors.work_terms import ProjectTerms, WorkTerms

RawItem = dict[str, Any]
"""An item as the API takes it, before it is checked."""

PRICED_WITHOUT_HOURS = frozenset({ContractType.FIXED, ContractType.MILESTONE})
"""Contracts whose milestones are billed, not their hours."""

SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTime:
    """One booking, tied to a contract line."""

    id: str
    week: Week
    day: date
    person_id: str
    person_name: str
    minutes_worked: int
    minutes_billable: int
    project: ProjectTerms
    task_id: str
    narrative: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedItems:
    """Items, and what became of every row they were made from."""

    items: tuple[RawItem, ...]
    accepted: int
    ignored: int
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed in a system since a cursor, and the cursor to keep once it is stored.

    Of the rows read, received = accepted + ignored + rejected.
    """

    items: tuple[RawItem, ...]
    reference: Reference
    received: int
    accepted: int
    ignored: int
    rejections: tuple[Rejection, ...]
    emptied: tuple[str, ...]
    """External ids of items of which no row is left."""
    cursor: str | None


def timesheets_of(
    booked: Sequence[BookedTime], *, source: str, section: WorkTerms, terms: TermsFile
) -> tuple[RawItem, ...]:
    """Make a timesheet of each week; give every booking of a week."""
    weeks: dict[Week, list[BookedTime]] = {}
    for one in booked:
        weeks.setdefault(one.week, []).append(one)
    return tuple(
        _timesheet(week, weeks[week], source=source, section=section, terms=terms)
        for week in sorted(weeks)
    )


def is_billed_by_hours(project: ProjectTerms, *, terms: TermsFile) -> bool:
    """Say whether time on a project is billed, and not the milestones of its contract."""
    return terms.contract(project.contract_id).type not in PRICED_WITHOUT_HOURS


def our_project_id(project: ProjectTerms, *, terms: TermsFile) -> str:
    """Our id of the project that a contract line is worked on."""
    line = terms.line(contract_id=project.contract_id, line_id=project.line_id)
    return line.project_id if line else project.line_id


def emptied_weeks(touched: Collection[Week], *, booked: Sequence[BookedTime]) -> tuple[str, ...]:
    """Give the timesheets whose last booking was deleted or moved elsewhere."""
    left = {one.week for one in booked}
    return tuple(week.external_id for week in sorted(set(touched) - left))


def dated_by_loss(
    items: Sequence[RawItem], *, weeks: Collection[Week], noticed_at: datetime
) -> tuple[RawItem, ...]:
    """Date the timesheets that lost a booking by when that was noticed.

    Without it such a week can say the same as before the booking came, and would be taken for the
    version that is known already.
    """
    names = {week.external_id for week in weeks}
    return tuple(
        item | {"submitted_at": noticed_at.isoformat()} if item["external_id"] in names else item
        for item in items
    )


def _timesheet(
    week: Week,
    booked: Sequence[BookedTime],
    *,
    source: str,
    section: WorkTerms,
    terms: TermsFile,
) -> RawItem:
    return {
        "kind": ItemKind.TIMESHEET.value,
        "source": source,
        "external_id": week.external_id,
        "person_id": booked[0].person_id,
        "contract_id": booked[0].project.contract_id,
        "line_id": week.line_id,
        "currency": section.currency,
        "zone": section.zone,
        "period_start": week.monday.isoformat(),
        "period_end": (week.monday + SIX_DAYS).isoformat(),
        "submitted_at": max(one.changed_at for one in booked).isoformat(),
        "entries": [_entry(one, section=section, terms=terms) for one in booked],
    }


def _entry(one: BookedTime, *, section: WorkTerms, terms: TermsFile) -> Mapping[str, Any]:
    person = section.person(one.person_name)
    rate = person.hourly_rate_minor
    return {
        "id": one.id,
        "work_date": one.day.isoformat(),
        "minutes_worked": one.minutes_worked,
        "minutes_billable": one.minutes_billable,
        "project_id": our_project_id(one.project, terms=terms),
        "task_id": one.task_id,
        "labor_category": person.labor_category or section.default_labor_category,
        "hourly_rate_minor": section.default_hourly_rate_minor if rate is None else rate,
        "narrative": one.narrative,
        "recorded_at": one.changed_at.isoformat(),
    }
