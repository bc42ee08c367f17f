"""Has the person what the labor category asks for?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.schemas.clauses import Qualification
from data.schemas.people import Degree, Person
from data.schemas.vocabulary import ClauseKind
from models.columns import Ints
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import calendar_day

CERTIFICATES_SHOWN = 5
"""Evidence is a line of text, not a curriculum."""


def labor_category_unqualified(facts: Facts) -> Hits:
    """T6: billable work in a category whose degree, years or certificates the person lacks.

    At risk is what the entry is above the best category on the card that the person does qualify
    for that day, or all of it where there is none. A person we do not know qualifies for nothing
    that is asked.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.LABOR_QUALIFICATIONS)
    requirement = facts.terms.qualifications.requirement(clause, entries.category)
    is_met = facts.terms.qualifications.meets(entries.person, requirement, entries.work_day)
    rows = np.flatnonzero(~is_met & (entries.minutes_billable > 0))
    at_risk = entries.amount_minor.copy()
    at_risk[rows] -= _due_minor(facts, rows, clause=clause[rows])
    return entry_hits(
        facts,
        rows,
        clause=clause,
        exposure_minor=np.maximum(at_risk, 0),
        field="labor_category",
        actual=lambda row: _has(facts, row),
        expected=lambda row: _asks(facts.terms.qualifications.asked[int(requirement[row])]),
        summary="{rows} of a person not qualified for the labor category",
    )


def _due_minor(facts: Facts, rows: Ints, *, clause: Ints) -> Ints:
    """Money of these entries at the best rate the person qualifies for; 0 where there is none."""
    entries = facts.entries.take(rows)
    best = np.zeros(len(rows), dtype=np.int64)
    for category in facts.terms.rates.categories(entries.line).tolist():
        other = np.full(len(rows), category, dtype=np.int64)
        asked = facts.terms.qualifications.requirement(clause, other)
        is_met = facts.terms.qualifications.meets(entries.person, asked, entries.work_day)
        rate = facts.terms.rates.card(entries.line, other, entries.location, entries.work_day)
        best = np.maximum(best, np.where(is_met, rate, 0))
    return amounts_minor(minutes=entries.minutes_billable, rate_minor=best)


def _has(facts: Facts, row: int) -> str:
    name = facts.person_id(row)
    person = facts.terms.reference.people.get(name)
    if person is None:
        return f"{name} is not known"
    rows = np.array([row])
    years = facts.terms.qualifications.years(
        facts.entries.person[rows], facts.entries.work_day[rows]
    )
    return f"{name}: " + _listed(person.degree, int(years[0]), _held(person, facts, row))


def _held(person: Person, facts: Facts, row: int) -> list[str]:
    """The certificates that the person holds on the work date."""
    day = calendar_day(int(facts.entries.work_day[row]))
    return [
        one.name
        for one in person.certificates
        if (one.earned_on is None or one.earned_on <= day)
        and (one.expires_on is None or day <= one.expires_on)
    ]


def _asks(one: Qualification) -> str:
    return f"{one.labor_category}: " + _listed(one.min_degree, one.min_years, one.certificates)


def _listed(degree: Degree, years: int, certificates: Sequence[str]) -> str:
    parts = [
        "no degree" if degree is Degree.NONE else f"degree {degree.value}",
        "1 year" if years == 1 else f"{years} years",
        *certificates[:CERTIFICATES_SHOWN],
    ]
    if len(certificates) > CERTIFICATES_SHOWN:
        parts.append(f"{len(certificates) - CERTIFICATES_SHOWN} more certificates")
    return ", ".join(parts)
