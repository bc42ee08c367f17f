"""One read of Redmine, from changed rows to whole items and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from data.schemas.people import Person, Project, Task
from data.schemas.values import EARLIEST
from service.connectors.booked_time import (
    Changes,
    dated_by_loss,
    emptied_weeks,
    our_project_id,
)
from service.connectors.planned_staff import assignments_of
from service.connectors.redmine_items import (
    SYSTEM,
    booked_time,
    milestones,
    person_id,
    redmine_section,
    task_id,
    week_of,
)
from service.connectors.redmine_projects import Projects
from service.connectors.redmine_rest import Values
from service.connectors.redmine_source import RedmineSource
from service.connectors.reference import Reference
from service.connectors.row_memory import RowMemory, Seen
from service.connectors.terms_file import TermsFile
from service.connectors.unmapped import IgnoredProjectError, UnmappedError, known_person
from service.connectors.whole_weeks import Week, lost_weeks, rows_of_weeks
from service.connectors.work_terms import RedmineTerms


def pull_changes(
    source: RedmineSource, *, terms: TermsFile, cursor: str | None, now: datetime
) -> Changes:
    """Read what changed since `cursor` (the whole window without one).

    Users, projects, activities and versions are few and read whole; of the time entries, each week
    in which one changed, was deleted or was moved elsewhere is read whole.
    """
    section = redmine_section(terms)
    projects = Projects(_all(source, "projects"), terms=section)
    users = [_named(row) for row in _all(source, "users")]
    people = {user["name"]: person_id(user, section=section) for user in users}
    changed, left, cursor = _entries(source, cursor=cursor)

    def place(entry: Values) -> Week | None:
        try:
            return week_of(entry, project=projects.mapped(entry["project"]["id"]))
        except (UnmappedError, IgnoredProjectError):
            return None

    lost = lost_weeks(((_as_entry(seen), row) for seen, row in left), week_of=place)
    touched = {*lost, *(week for entry in changed if (week := place(entry)))}
    entries = [
        *rows_of_weeks(touched, rows_between=source.entries_between, week_of=place),
        *(entry for entry in changed if place(entry) is None),
    ]
    versions = _all(source, "versions")
    booked, time = booked_time(entries, projects=projects, terms=terms)
    work = milestones(versions, projects=projects, terms=terms, people=people)
    activities = _all(source, "activities")
    return Changes(
        items=dated_by_loss(time.items, weeks=lost, noticed_at=now) + work.items,
        reference=Reference(
            clients=terms.clients,
            contracts=terms.terms,
            people=tuple(_people(users, section=section)),
            projects=tuple(_projects(projects, terms=terms, people=people, activities=activities)),
            assignments=tuple(
                assignments_of(section.projects.values(), people=people, system=SYSTEM, terms=terms)
            ),
        ),
        received=len(entries) + len(versions),
        accepted=time.accepted + work.accepted,
        ignored=time.ignored + work.ignored,
        rejections=time.rejections + work.rejections,
        emptied=emptied_weeks(touched, booked=booked),
        cursor=cursor,
    )


def _all(source: RedmineSource, entity: str) -> list[Values]:
    return [dict(row) for page in source.pull(entity, cursor=None) for row in page.rows]


def _entries(
    source: RedmineSource, *, cursor: str | None
) -> tuple[list[Values], list[tuple[Seen, Values | None]], str | None]:
    """Give the entries that changed, what was seen of these and of those gone, and the cursor."""
    known = RowMemory.read(cursor).rows
    changed: dict[str, Values] = {}
    gone: set[str] = set()
    for page in source.pull("time_entries", cursor=cursor):
        cursor = page.cursor
        gone |= set(page.gone)
        changed |= {str(row["id"]): dict(row) for row in page.rows}
    left = [(known[one], changed.get(one)) for one in sorted({*changed, *gone}) if one in known]
    return list(changed.values()), left, cursor


def _as_entry(seen: Seen) -> Values:
    """What an entry was, as far as its place is concerned."""
    user, _, project = seen.place.partition(".")
    return {
        "spent_on": seen.day.isoformat(),
        "user": {"id": int(user)},
        "project": {"id": int(project)},
    }


def _named(row: Values) -> Values:
    return {"id": row["id"], "name": f"{row['firstname']} {row['lastname']}"}


def _people(users: list[Values], *, section: RedmineTerms) -> Iterator[Person]:
    """Give the people that no other system brings."""
    for user in users:
        told = section.person(user["name"])
        if told.person_id is not None:
            continue
        yield Person(
            id=person_id(user, section=section),
            name=user["name"],
            grade=told.grade,
            labor_category=told.labor_category or section.default_labor_category,
            country=section.country,
            hourly_cost_minor=told.hourly_cost_minor,
            hired_on=EARLIEST,
            authority_limit_minor=told.authority_limit_minor,
        )


def _projects(
    projects: Projects, *, terms: TermsFile, people: Mapping[str, str], activities: list[Any]
) -> Iterator[Project]:
    tasks = tuple(Task(id=task_id(row["id"]), name=row["name"]) for row in activities)
    for identifier, project in redmine_section(terms).projects.items():
        name = projects.name_of(identifier)
        if name is not None:
            yield Project(
                id=our_project_id(project, terms=terms),
                name=name,
                client_id=terms.contract(project.contract_id).client_id,
                contract_id=project.contract_id,
                manager_id=known_person(project.manager, people=people, system=SYSTEM),
                tasks=tasks,
            )
