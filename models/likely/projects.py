"""Does the work belong to another project of the same person?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.columns import Ints
from models.likely.lexicon import content_words, speaks_of_unpaid_work
from models.likely.money import expected_minor
from models.likely.odds import log_odds, probability_of
from models.past.learned import Learned
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import money

MISCODED_SHARE = 0.03
"""Share of entries on a wrong project before anything is read: 2 to 4 % (field base rates)."""
DEPENDENCE = 0.35
"""Words of one sentence come together, so that each tells less than it would alone; with this
factor 5 of 22 hits were found miscoded where about a third was forecast (two generated firms)."""
FEWEST_ENTRIES_ON_PROJECT = 20
FEWEST_CONTENT_WORDS = 2
RARE_HERE = 1
LEAST_PROBABILITY = 0.25
RECENT_DAYS = 60
"""How long a project stays one that the person works on."""


def miscoded_project(facts: Facts) -> Hits:
    """T26: billable work in words that another project of the person uses, and its own hardly.

    Naive Bayes on the content words: the odds start at 3 in 100, and each word moves them by how
    much more often an entry of the other project uses it. At risk is what the amount would differ
    by there, times the probability; all of it where the other contract has another currency.
    """
    entries = facts.entries
    learned = facts.past.learned
    told = _tell_tales(facts)
    places = _places(facts, entries.person[list(told)])
    odds = np.full(len(entries), -np.inf)
    best: dict[int, _Place] = {}
    for row, words in told.items():
        project, day = int(entries.project[row]), int(entries.work_day[row])
        for one in places.get(int(entries.person[row]), ()):
            if one.project == project or abs(day - one.last_day) > RECENT_DAYS:
                continue
            there = _affinity(words, project=one.project, instead_of=project, learned=learned)
            if there > odds[row]:
                odds[row], best[row] = there, one
    probability = probability_of(odds + log_odds(MISCODED_SHARE))
    rows = np.flatnonzero(probability >= LEAST_PROBABILITY)
    difference = np.zeros(len(entries), dtype=np.int64)
    for row in rows.tolist():
        difference[row] = _difference_minor(facts, row, best[row])
    return entry_hits(
        facts,
        rows,
        clause=facts.entry_clause(ClauseKind.SCOPE),
        exposure_minor=expected_minor(difference, probability),
        field="project_id",
        actual=lambda row: (
            f"project {learned.codes.project.name(int(entries.project[row]))}, "
            f"{money(int(entries.amount_minor[row]), facts.currency(row))}"
        ),
        expected=lambda row: (
            f"project {learned.codes.project.name(best[row].project)}, whose words these are"
        ),
        summary="{rows} likely on the wrong project",
        probability=probability,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A project a person works on, and the last entry there."""

    project: int
    contract: int
    rate_minor: int
    last_day: int


def _places(facts: Facts, people: Ints) -> dict[int, list[_Place]]:
    """The projects of some people, with the last entry on each."""
    past = facts.past.entries
    rows = np.flatnonzero(np.isin(past.person, people))
    order = rows[np.lexsort((past.work_day[rows], past.project[rows], past.person[rows]))]
    person, project = past.person[order], past.project[order]
    is_last = np.ones(len(order), dtype=np.bool_)
    is_last[:-1] = (person[1:] != person[:-1]) | (project[1:] != project[:-1])
    places: dict[int, list[_Place]] = {}
    for row in order[is_last].tolist():
        places.setdefault(int(past.person[row]), []).append(
            _Place(
                project=int(past.project[row]),
                contract=int(past.contract[row]),
                rate_minor=int(past.rate_minor[row]),
                last_day=int(past.work_day[row]),
            )
        )
    return places


def _tell_tales(facts: Facts) -> dict[int, list[str]]:
    """The words to look for elsewhere, by the billable entries that have some."""
    entries = facts.entries
    if not facts.past.learned.entries_of_project:
        return {}
    told = {
        row: _tell_tale(
            entries.narrative[row], project=int(entries.project[row]), learned=facts.past.learned
        )
        for row in np.flatnonzero(entries.minutes_billable > 0).tolist()
    }
    return {row: words for row, words in told.items() if words}


def _tell_tale(narrative: str, *, project: int, learned: Learned) -> list[str]:
    """The content words, if most of them are hardly used on a project that is known well enough."""
    if learned.entries_of_project.get(project, 0) < FEWEST_ENTRIES_ON_PROJECT:
        return []
    text = content_words(narrative)
    here = learned.uses_of_word_on_project.get(project, {})
    rare = sum(here.get(word, 0) <= RARE_HERE for word in text)
    is_told = len(text) >= FEWEST_CONTENT_WORDS and 2 * rare >= len(text)
    return sorted(text) if is_told and not speaks_of_unpaid_work(narrative) else []


def _affinity(words: list[str], *, project: int, instead_of: int, learned: Learned) -> float:
    """How much the words speak for a project instead of another, in log-odds."""
    if learned.entries_of_project.get(project, 0) < FEWEST_ENTRIES_ON_PROJECT:
        return -math.inf
    total = sum(
        math.log(_rate(word, project=project, learned=learned))
        - math.log(_rate(word, project=instead_of, learned=learned))
        for word in words
    )
    return DEPENDENCE * total


def _rate(word: str, *, project: int, learned: Learned) -> float:
    """Uses of a word per entry of a project, as if one in two entries more had used it."""
    uses = learned.uses_of_word_on_project.get(project, {}).get(word, 0)
    return (uses + 0.5) / (learned.entries_of_project.get(project, 0) + 1.0)


def _difference_minor(facts: Facts, row: int, place: _Place) -> int:
    entries = facts.entries
    amount_minor = int(entries.amount_minor[row])
    contract_id = facts.past.learned.codes.contract.name(place.contract)
    contract = facts.terms.reference.contracts.get(contract_id)
    if contract is None or contract.currency != facts.currency(row):
        return amount_minor
    minutes: Ints = entries.minutes_billable[row : row + 1]
    there = amounts_minor(minutes=minutes, rate_minor=np.array([place.rate_minor]))
    return abs(amount_minor - int(there[0]))
