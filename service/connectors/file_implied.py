"""What a file of work implies beyond what is known: a guess never takes the place of a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from data.schemas import reference as known_reference
from data.schemas.contracts import Contract, RateCardRow
from data.schemas.people import Assignment, Project
from service.connectors.reference import Reference


def beyond_known(implied: Reference, *, known: known_reference.Reference) -> Reference:
    """Give of the implied objects those that add something.

    A client or person that is known stays as it is. A contract or project is extended where an
    earlier file implied it; one that somebody wrote stays as it is, and so do its assignments.
    """
    return Reference(
        clients=tuple(one for one in implied.clients if one.id not in known.clients),
        people=tuple(one for one in implied.people if one.id not in known.people),
        contracts=tuple(_contracts(implied.contracts, known=known)),
        projects=tuple(_projects(implied.projects, known=known)),
        assignments=tuple(_assignments(implied.assignments, known=known)),
    )


def _contracts(
    implied: Iterable[Contract], *, known: known_reference.Reference
) -> Iterator[Contract]:
    for one in implied:
        before = known.contracts.get(one.id)
        if before is None:
            yield one
        elif _is_implied(before) and (wider := _widened(before, by=one)) != before:
            yield wider.model_copy(update={"recorded_at": one.recorded_at})


def _is_implied(contract: Contract) -> bool:
    return contract.name == contract.id and all(one.name == one.id for one in contract.lines)


def _widened(before: Contract, *, by: Contract) -> Contract:
    """Add lines and rates, and let the mapping's clauses be as it says now; the rest stays."""
    lines = {one.id for one in before.lines}
    start = min(before.signed_on, by.signed_on)
    rated = {(one.line_id, one.labor_category) for one in before.rate_card}
    fresh = [one for one in by.rate_card if (one.line_id, one.labor_category) not in rated]
    implied = {f"{before.id}-{one.terms.kind}" for one in (*before.clauses, *by.clauses)}
    return before.model_copy(
        update={
            "signed_on": start,
            "lines": (*before.lines, *(one for one in by.lines if one.id not in lines)),
            "clauses": (
                *(one.model_copy(update={"valid_from": start}) for one in by.clauses),
                *(one for one in before.clauses if one.id not in implied),
            ),
            "rate_card": (
                *(_moved(one, begun=before.signed_on, start=start) for one in before.rate_card),
                *(one.model_copy(update={"valid_from": start}) for one in fresh),
            ),
        }
    )


def _moved(rate: RateCardRow, *, begun: date, start: date) -> RateCardRow:
    """Let a rate that held from the contract's first day hold from an earlier one as well."""
    return rate.model_copy(update={"valid_from": start}) if rate.valid_from == begun else rate


def _projects(
    implied: Iterable[Project], *, known: known_reference.Reference
) -> Iterator[Project]:  # fmt: skip
    for one in implied:
        before = known.projects.get(one.id)
        if before is None:
            yield one
            continue
        names = {task.id for task in before.tasks}
        fresh = tuple(task for task in one.tasks if task.id not in names)
        # A task added to a project that somebody wrote would bring work into scope by itself.
        if (
            fresh
            and before.name == before.id
            and all(task.name == task.id for task in before.tasks)
        ):
            yield before.model_copy(update={"tasks": (*before.tasks, *fresh)})


def _assignments(
    implied: Iterable[Assignment], *, known: known_reference.Reference
) -> Iterator[Assignment]:
    before = {one.id: one for one in known.assignments}
    planned = {
        one.project_id for one in known.assignments if one.id != f"{one.person_id}.{one.project_id}"
    }
    for one in implied:
        if one.project_id in planned:
            continue
        stay = before.get(one.id)
        if stay is None:
            yield one
            continue
        start, end = min(stay.start, one.start), max(stay.end, one.end)
        if (start, end) != (stay.start, stay.end):
            yield stay.model_copy(update={"start": start, "end": end})
