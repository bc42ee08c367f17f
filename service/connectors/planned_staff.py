"""The staffing plan: who is planned on the projects of a terms file, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from data.schemas.clauses import PeriodOfPerformance
from data.schemas.contracts import Contract
from data.schemas.people import Assignment
from data.schemas.values import LATEST
from service.connectors.booked_time import our_project_id
from service.connectors.terms_file import TermsFile
from service.connectors.unmapped import known_person
from service.connectors.work_terms import ProjectTerms


def assignments_of(
    projects: Iterable[ProjectTerms],
    *,
    people: Mapping[str, str],
    system: str,
    terms: TermsFile,
) -> Iterator[Assignment]:
    """Plan the staff of each project for the period its line is performed in.

    `people` gives our id of each name. Raises UnmappedError for a name that `system` does not have.
    """
    for project in projects:
        for name in project.staff:
            who = known_person(name, people=people, system=system)
            yield assignment_of(who, project=project, terms=terms)


def assignment_of(who: str, *, project: ProjectTerms, terms: TermsFile) -> Assignment:
    """Plan one person on a project for the period its line is performed in."""
    where = our_project_id(project, terms=terms)
    start, end = _period(terms.contract(project.contract_id), line_id=project.line_id)
    return Assignment(id=f"{who}.{where}", person_id=who, project_id=where, start=start, end=end)


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
