"""The clients, contracts, people and projects that the rows of a file imply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from data.schemas.contracts import Clause, Client, Contract, ContractLine, RateCardRow
from data.schemas.people import Assignment, Person, Project, Task
from service.connectors.file_mapping import ANY, Defaults
from service.connectors.file_work import Work
from service.connectors.reference import Reference

GRADE = "unknown"
CONFIRMED_BY = "mapping"
"""Who put the clauses of a mapping in force: whoever wrote it."""


def reference_of(work: Sequence[Work], *, terms: Defaults, now: datetime) -> Reference:
    """Give what the work refers to; contracts take their clauses and rates from `terms`.

    An assignment spans the days a person worked on a project: the file knows no staffing plan, so
    it cannot prove anybody unassigned.
    """
    return Reference(
        clients=tuple(
            Client(id=name, name=name, country=terms.country, currency=terms.currency)
            for name in sorted({one.client_id for one in work})
        ),
        contracts=tuple(
            _contract(name, work=found, terms=terms, now=now)
            for name, found in _by(work, attrgetter("contract_id"))
        ),
        people=tuple(
            _person(name, work=found, country=terms.country)
            for name, found in _by(work, attrgetter("person_id"))
        ),
        projects=tuple(
            _project(name, work=found) for name, found in _by(work, attrgetter("project_id"))
        ),
        assignments=tuple(
            _assignment(found)
            for _, found in _by(work, lambda one: f"{one.person_id}.{one.project_id}")
        ),
    )


def _contract(name: str, *, work: Sequence[Work], terms: Defaults, now: datetime) -> Contract:
    start = _first_day(work)
    lines = sorted({(one.line_id, one.project_id) for one in work})
    return Contract(
        id=name,
        client_id=work[0].client_id,
        name=name,
        type=terms.contract_type,
        currency=terms.currency,
        signed_on=start,
        recorded_at=now,
        lines=tuple(
            ContractLine(id=line_id, project_id=project_id, name=line_id)
            for line_id, project_id in lines
        ),
        clauses=tuple(
            Clause(
                id=f"{name}-{default.terms.kind}",
                terms=default.terms,
                text=default.text,
                valid_from=start,
                confirmed_by=CONFIRMED_BY,
            )
            for default in terms.clauses
        ),
        rate_card=tuple(_rate_card(work, terms=terms, start=start)),
    )


def _rate_card(
    work: Iterable[Work], *, terms: Defaults, start: date
) -> Iterator[RateCardRow]:  # fmt: skip
    rates = terms.hourly_rates_minor
    for line_id, category in sorted({(one.line_id, one.labor_category) for one in work}):
        rate = rates.get(category, rates.get(ANY))
        if rate is not None:
            yield RateCardRow(
                line_id=line_id, labor_category=category, hourly_rate_minor=rate, valid_from=start
            )


def _person(name: str, *, work: Sequence[Work], country: str) -> Person:
    return Person(
        id=name,
        name=name,
        grade=GRADE,
        labor_category=work[0].labor_category,
        country=country,
        hourly_cost_minor=0,
        hired_on=_first_day(work),
    )


def _project(name: str, *, work: Sequence[Work]) -> Project:
    return Project(
        id=name,
        name=name,
        client_id=work[0].client_id,
        contract_id=work[0].contract_id,
        tasks=tuple(Task(id=task, name=task) for task in sorted({one.task_id for one in work})),
    )


def _assignment(work: Sequence[Work]) -> Assignment:
    person, project = work[0].person_id, work[0].project_id
    return Assignment(
        id=f"{person}.{project}",
        person_id=person,
        project_id=project,
        start=_first_day(work),
        end=max(one.work_date for one in work),
    )


def _first_day(work: Iterable[Work]) -> date:
    return min(one.work_date for one in work)


def _by(
    work: Iterable[Work], key: Callable[[Work], str]
) -> Iterator[tuple[str, list[Work]]]:  # fmt: skip
    for name, found in groupby(sorted(work, key=key), key=key):
        yield name, list(found)
