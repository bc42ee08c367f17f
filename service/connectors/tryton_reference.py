"""Tryton rows and the terms file as the records items refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from data.schemas.people import Assignment, Person, Project, Task
from data.schemas.values import EARLIEST
from service.connectors.booked_time import our_project_id
from service.connectors.planned_staff import assignment_of, assignments_of
from service.connectors.reference import Reference
from service.connectors.terms_file import TermsFile
from service.connectors.tryton_items import SYSTEM, person_id, task_id, tryton_section
from service.connectors.tryton_wire import Values
from service.connectors.tryton_works import Works
from service.connectors.unmapped import IgnoredProjectError, UnmappedError, known_person
from service.connectors.work_terms import TrytonTerms


def person_ids(employees: Sequence[Values]) -> dict[str, str]:
    """Give our person id of each employee's name."""
    return {row["party"]["name"]: person_id(row["id"]) for row in employees}


def reference_of(
    employees: Sequence[Values],
    *,
    works: Works,
    terms: TermsFile,
    allocations: Sequence[Values] = (),
) -> Reference:
    """Give people, projects and staff as Tryton and the terms file know them together."""
    section = tryton_section(terms)
    people = person_ids(employees)
    return Reference(
        clients=terms.clients,
        contracts=terms.terms,
        people=tuple(_person(row, section=section) for row in employees),
        projects=tuple(_projects(section, works=works, terms=terms, people=people)),
        assignments=tuple({one.id: one for one in (
            *assignments_of(section.projects.values(), people=people, system=SYSTEM, terms=terms),
            *_allocated(allocations, works=works, terms=terms),
        )}.values()),
    )  # fmt: skip


def _allocated(
    allocations: Sequence[Values], *, works: Works, terms: TermsFile
) -> Iterator[Assignment]:
    for row in allocations:
        try:
            project = works.mapped(row["work"]["id"]).project
        except (UnmappedError, IgnoredProjectError):
            continue  # the time booked there is told as unmapped or ignored
        yield assignment_of(person_id(row["employee"]["id"]), project=project, terms=terms)


def _person(row: Values, *, section: TrytonTerms) -> Person:
    name = row["party"]["name"]
    told = section.person(name)
    return Person(
        id=person_id(row["id"]),
        name=name,
        grade=told.grade,
        labor_category=told.labor_category or section.default_labor_category,
        country=section.country,
        hourly_cost_minor=told.hourly_cost_minor,
        hired_on=row["start_date"] or EARLIEST,
        left_on=row["end_date"],
        manager_id=person_id(row["supervisor"]["id"]) if row["supervisor"] else None,
        authority_limit_minor=told.authority_limit_minor,
    )


def _projects(
    section: TrytonTerms, *, works: Works, terms: TermsFile, people: Mapping[str, str]
) -> Iterator[Project]:
    for name, project in section.projects.items():
        tasks = works.below(name)
        if tasks:
            yield Project(
                id=our_project_id(project, terms=terms),
                name=name,
                client_id=terms.contract(project.contract_id).client_id,
                contract_id=project.contract_id,
                manager_id=known_person(project.manager, people=people, system=SYSTEM),
                tasks=tuple(Task(id=task_id(row["id"]), name=row["name"]) for row in tasks),
            )
