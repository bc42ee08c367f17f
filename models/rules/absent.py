"""Who was assigned and handed in nothing at all? No item can tell: these people have none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from data.schemas.missing_time import AbsentTime
from data.schemas.people import Assignment, Person
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN, Codes, line_name
from models.columns import Flags, Ints, day_number
from models.past.balances import Measure
from models.past.history import History
from models.rules.missing import cut_off_terms, due_minutes, likely_billable_minor
from models.terms import Terms
from models.timeline import pair


def absent_people(*, terms: Terms, history: History, start: date, end: date) -> list[AbsentTime]:
    """Give who recorded nothing from `start` to `end`, both included, though they were assigned.

    Only stays on lines with a cut-off clause in force on the last day count, and of the period only
    the days of such stays. Whoever has several is named once, with the stay that begins first.
    `terms` and `history` share their codes.
    """
    absent = (
        _absence(stays, terms=terms, history=history, start=start, end=end)
        for _, stays in sorted(_stays(terms, codes=history.codes, start=start, end=end).items())
    )
    return [one for one in absent if one is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """An assignment on a line with a cut-off clause in force."""

    assignment: Assignment
    contract_id: str
    line_id: str
    clause: int


def _stays(terms: Terms, *, codes: Codes, start: date, end: date) -> dict[str, list[_Stay]]:
    """The stays that reach into a period, by person; the first to begin comes first."""
    lines = _lines_by_project(terms, codes=codes, end=end)
    found: dict[str, list[_Stay]] = {}
    for one in sorted(terms.reference.assignments, key=lambda stay: (stay.start, stay.id)):
        if one.start <= end and start <= one.end:
            for contract_id, line_id, clause in lines.get(one.project_id, ()):
                stay = _Stay(
                    assignment=one, contract_id=contract_id, line_id=line_id, clause=clause
                )
                found.setdefault(one.person_id, []).append(stay)
    return found


def _lines_by_project(
    terms: Terms, *, codes: Codes, end: date
) -> dict[str, list[tuple[str, str, int]]]:
    """The contract, line and clause of each project's lines with a cut-off in force that day."""
    lines = [
        (contract.id, line)
        for contract in terms.reference.contracts.values()
        for line in contract.lines
    ]
    code = _ints([codes.line.find(line_name(name, line.id)) for name, line in lines])
    clauses = terms.clause(ClauseKind.BILLING_CUT_OFF, code, np.full_like(code, day_number(end)))
    found: dict[str, list[tuple[str, str, int]]] = {}
    for (name, line), clause in zip(lines, clauses.tolist(), strict=True):
        if clause != UNKNOWN:
            found.setdefault(line.project_id, []).append((name, line.id, clause))
    return found


def _absence(
    stays: Sequence[_Stay], *, terms: Terms, history: History, start: date, end: date
) -> AbsentTime | None:
    first = stays[0]
    person = terms.reference.people.get(first.assignment.person_id)
    if person is None:
        return None
    day = np.arange(day_number(start), day_number(end) + 1)
    who = np.full_like(day, history.codes.person.find(person.id))
    if history.used(Measure.DAY_MINUTES, pair(who, day)).any():
        return None
    due = due_minutes(terms, who, day)
    missing_minutes = int(due[_is_assigned(stays, day)].sum())
    cut_off = cut_off_terms(terms, first.clause)
    if missing_minutes <= cut_off.tolerance_minutes:
        return None
    rate_minor = _rate_minor(first, person, terms=terms, codes=history.codes, end=end)
    return AbsentTime(
        person_id=person.id,
        contract_id=first.contract_id,
        line_id=first.line_id,
        start=start,
        end=end,
        missing_minutes=missing_minutes,
        exposure_minor=-likely_billable_minor(cut_off, missing_minutes, rate_minor=rate_minor),
        currency=terms.reference.contracts[first.contract_id].currency,
        clause_id=terms.clauses[first.clause].id,
    )


def _is_assigned(stays: Iterable[_Stay], day: Ints) -> Flags:
    is_assigned = np.zeros(len(day), dtype=np.bool_)
    for one in stays:
        first, last = day_number(one.assignment.start), day_number(one.assignment.end)
        is_assigned |= (first <= day) & (day <= last)
    return is_assigned


def _rate_minor(stay: _Stay, person: Person, *, terms: Terms, codes: Codes, end: date) -> int:
    """The card's rate for the person's own category on the last day; 0 where none is agreed."""
    line = codes.line.find(line_name(stay.contract_id, stay.line_id))
    category = codes.category.find(person.labor_category)
    rate = terms.rates.card(
        _ints([line]), _ints([category]), _ints([UNKNOWN]), _ints([day_number(end)])
    )
    return max(int(rate[0]), 0)


def _ints(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)
