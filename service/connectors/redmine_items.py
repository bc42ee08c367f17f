"""Redmine rows as items: a timesheet per user, ISO week and contract line; milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from data.schemas.vocabulary import AcceptanceKind, ItemKind
from service.connectors.booked_time import (
    BookedTime,
    MappedItems,
    RawItem,
    is_billed_by_hours,
    our_project_id,
    timesheets_of,
)
from service.connectors.redmine_projects import Projects
from service.connectors.redmine_rest import Values
from service.connectors.terms_file import TermsFile
from service.connectors.unmapped import (
    IgnoredProjectError,
    UnmappedError,
    known_person,
    rejection_of,
)
from service.connectors.whole_weeks import Week
from service.connectors.work_terms import ProjectTerms, RedmineProject, RedmineTerms

SOURCE, SYSTEM = "redmine", "Redmine"
REACHED = "closed"
"""The status of a version that is a milestone reached."""
MINUTES_PER_HOUR = 60
NO = "0"
"""How Redmine writes No. A row older than its field has no value at all and counts as Yes."""


def redmine_section(terms: TermsFile) -> RedmineTerms:
    """The mapping of Redmine's names; a terms file without one cannot serve a Redmine."""
    if terms.redmine is None:
        raise UnmappedError(
            field="redmine", value=None, reason="is missing in the terms file; add the section"
        )
    return terms.redmine


def person_id(user: Mapping[str, object], *, section: RedmineTerms) -> str:
    """Our id of a user: that of the terms file where another system brings the person."""
    told = section.person(str(user["name"])).person_id
    return told or f"redmine-user-{user['id']}"


def task_id(activity_id: int) -> str:
    """Our id of an activity, which stands for the task that was worked on."""
    return f"redmine-activity-{activity_id}"


def week_of(entry: Values, *, project: ProjectTerms) -> Week:
    """The timesheet an entry belongs to."""
    day = date.fromisoformat(entry["spent_on"])
    return Week.of(day, person_key=f"user-{entry['user']['id']}", line_id=project.line_id)


def booked_time(
    entries: Iterable[Values], *, projects: Projects, terms: TermsFile
) -> tuple[list[BookedTime], MappedItems]:
    """Tie entries to contract lines; also give the timesheets they make, with every row's fate.

    Give every entry of a week: a timesheet made of the changed ones alone would lack the others.
    """
    section = redmine_section(terms)
    booked: list[BookedTime] = []
    rejections, ignored = [], 0
    for number, entry in enumerate(entries):
        try:
            project = projects.mapped(entry["project"]["id"])
        except IgnoredProjectError:
            ignored += 1
        except UnmappedError as error:
            rejections.append(rejection_of(number, external_id=f"entry-{entry['id']}", error=error))
        else:
            if is_billed_by_hours(project, terms=terms):
                booked.append(_booked(entry, project=project, section=section))
            else:
                ignored += 1
    booked.sort(key=lambda one: (one.week, one.day, int(one.id.rpartition("-")[2])))
    return booked, MappedItems(
        items=timesheets_of(booked, source=SOURCE, section=section, terms=terms),
        accepted=len(booked),
        ignored=ignored,
        rejections=tuple(rejections),
    )


def milestones(
    versions: Iterable[Values], *, projects: Projects, terms: TermsFile, people: Mapping[str, str]
) -> MappedItems:
    """Make a milestone of each version; `people` gives our person id of each name."""
    items: list[RawItem] = []
    rejections, ignored = [], 0
    for number, version in enumerate(versions):
        try:
            project = projects.mapped(version["project"]["id"])
            items.append(_milestone(version, project=project, terms=terms, people=people))
        except IgnoredProjectError:
            ignored += 1
        except UnmappedError as error:
            name = f"version-{version['id']}"
            rejections.append(rejection_of(number, external_id=name, error=error))
    return MappedItems(
        items=tuple(items), accepted=len(items), ignored=ignored, rejections=tuple(rejections)
    )


def _booked(entry: Values, *, project: RedmineProject, section: RedmineTerms) -> BookedTime:
    minutes = _minutes(entry["hours"])
    return BookedTime(
        id=f"redmine-entry-{entry['id']}",
        week=week_of(entry, project=project),
        day=date.fromisoformat(entry["spent_on"]),
        person_id=person_id(entry["user"], section=section),
        person_name=entry["user"]["name"],
        minutes_worked=minutes,
        minutes_billable=minutes if _is_billable(entry, field=section.billable_field) else 0,
        project=project,
        task_id=task_id(entry["activity"]["id"]),
        narrative=entry.get("comments") or "",
        changed_at=datetime.fromisoformat(entry["updated_on"]),
    )


def _is_billable(entry: Values, *, field: str | None) -> bool:
    told = {one["name"]: one.get("value") for one in entry.get("custom_fields", ())}
    return field is None or told.get(field) != NO


def _minutes(hours: Decimal | int) -> int:
    exact = Decimal(hours) * MINUTES_PER_HOUR
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _milestone(
    version: Values, *, project: RedmineProject, terms: TermsFile, people: Mapping[str, str]
) -> RawItem:
    section = redmine_section(terms)
    told = project.milestones.get(version["name"])
    if told is None:
        raise UnmappedError(
            field="milestone",
            value=version["name"],
            reason="has no amount; add it under milestones of its project in the terms file",
        )
    due_on = told.due_on.isoformat() if told.due_on else version.get("due_date")
    if not due_on:
        raise UnmappedError(
            field="due_date", value=None, reason="is empty; give the version a date in Redmine"
        )
    changed_at = version["updated_on"]
    is_reached = version["status"] == REACHED
    acceptance = {
        "kind": AcceptanceKind.ACCEPTED.value, "at": changed_at,
        "actor": "version closed in Redmine",
    }  # fmt: skip
    return {
        "kind": ItemKind.MILESTONE.value,
        "source": SOURCE,
        "external_id": f"version-{version['id']}",
        "contract_id": project.contract_id,
        "line_id": project.line_id,
        "project_id": our_project_id(project, terms=terms),
        "name": version["name"],
        "owner_id": known_person(project.manager, people=people, system=SYSTEM),
        "amount_minor": told.amount_minor,
        "currency": section.currency,
        "zone": section.zone,
        "due_on": due_on,
        "is_ready_to_bill": is_reached,
        "submitted_at": changed_at,
        "evidence_required": list(told.evidence_required),
        "evidence_provided": list(told.evidence_provided),
        "acceptance": [acceptance] if is_reached else [],
    }
