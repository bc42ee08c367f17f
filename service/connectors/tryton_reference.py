"""Tryton rows and the terms file as the records items refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from data.schemas.clauses import PeriodOfPerformance
from data.schemas.contracts import Contract
from data.schemas.people import Assignment, Person, Project, Task
from data.schemas.values import EARLIEST, LATEST
from service.connectors.reference import Reference
from service.connectors.terms_file import TermsFile, TrytonProject, TrytonTerms
from service.connectors.tryton_items import known_person, person_id, task_id, tryton_section
from service.connectors.tryton_wire import Values
from service.connectors.tryton_works import Works


def person_ids(employees: Sequence[Values]) -> dict[str, str]:
    """Give our person id of each employee's name."""
    return {row["party"]["name"]: person_id(row["id"]) for row in employees}


def reference_of(employees: Sequence[Values], *, works: Works, terms: TermsFile) -> Reference:
    """Give people, projects and staff as Tryton and the terms file know them together."""
    section = tryton_section(terms)
    people = person_ids(employees)
    return Reference(
        clients=terms.clients,
        contracts=terms.terms,
        people=tuple(_person(row, section=section) for row in employees),
        projects=tuple(_projects(section, works=works, terms=terms, people=people)),
        assignments=tuple(_assignments(section, terms=terms, people=people)),
    )


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
                id=_project_id(project, terms=terms),
                name=name,
                client_id=terms.contract(project.contract_id).client_id,
                contract_id=project.contract_id,
                manager_id=known_person(project.manager, people=people),
                tasks=tuple(Task(id=task_id(row["id"]), name=row["name"]) for row in tasks),
            )


def _assignments(
    section: TrytonTerms, *, terms: TermsFile, people: Mapping[str, str]
) -> Iterator[Assignment]:
    for project in section.projects.values():
        start, end = _period(terms.contract(project.contract_id), line_id=project.line_id)
        for name in project.staff:
            who, where = known_person(name, people=people), _project_id(project, terms=terms)
            yield Assignment(
                id=f"{who}.{where}", person_id=who, project_id=where, start=start, end=end
            )


def _project_id(project: TrytonProject, *, terms: TermsFile) -> str:
    line = terms.line(contract_id=project.contract_id, line_id=project.line_id)
    return line.project_id if line else project.line_id


def _period(contract: Contract, *, line_id: str) -> tuple[date, date]:
    """The widest period of performance that governs the line, or from signing on."""
    periods = [
        clause.terms
        for clause in contract.clauses
        if isinstance(clause.terms, PeriodOfPerformance) and clause.line_id in {None, line_id}
    ]
    if not periods:
        return contract.signed_on, LATEST
    return min(one.start for one in periods), max(one.end for one in periods)
