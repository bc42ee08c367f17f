"""Do the words say that the work is not paid for, or not part of what was agreed?"""

from __future__ import annotations

import re

import numpy as np

from data.schemas.clauses import Exclusions
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.likely.lexicon import UNPAID, content_words, kinds_of_activity, speaks_of_unpaid_work
from models.past.learned import Learned
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.words import runs

OPENING, INSIDE = 0.45, 0.2
"""How likely work is unpaid whose narrative opens with such words, 55 of 116 (measured on two
generated firms), or has them further on: 'travel to client site' against 'prepared the travel to
site for the audit team'."""
LEAST_UNPAID = 0.4
OWN_USES = 3
"""Opening words used this often on the project before are the project's own, such as a training
that the client ordered."""
FEWEST_ENTRIES_ON_PROJECT = 20
"""On a younger project its own words are not known yet."""
FEWEST_CONTENT_WORDS = 2
USES_HERE, SEEN_ELSEWHERE = 0, 3
SPECIFIC_SHARE = 0.35
"""A word is foreign if never used here, three times elsewhere, and on at most this share of all
projects; words that everybody uses say nothing about where the work belongs."""
FOUND_OUTSIDE = 0.3
"""How often a full review finds fault with work in foreign words alone: 25 of 119 at two thirds of
the words (measured on two generated firms)."""
LEAST_FOREIGN = 0.19


def unpaid_words(facts: Facts) -> Hits:
    """T21: billable work whose words speak of an activity that the contract excludes.

    The probability is 0.45 where the narrative opens with such words, 0.2 where they come later;
    none where the project has used the opening words three times before. An entry coded with an
    excluded activity is the rule's.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.EXCLUSIONS)
    is_read = (
        (clause != UNKNOWN)
        & (entries.minutes_billable > 0)
        & ~facts.terms.scope.is_excluded(clause, entries.activity)
    )
    patterns = {one: _pattern(facts, one) for one in np.unique(clause[is_read]).tolist()}
    probability = np.zeros(len(entries))
    said: dict[int, str] = {}
    for row in np.flatnonzero(is_read).tolist():
        pattern = patterns[int(clause[row])]
        match = None if pattern is None else pattern.search(" ".join(runs(entries.narrative[row])))
        project = int(entries.project[row])
        if match and not _is_own(match[0], project=project, learned=facts.past.learned):
            said[row] = match[0]
            probability[row] = OPENING if match.start() == 0 else INSIDE
    return entry_hits(
        facts,
        np.flatnonzero(probability >= LEAST_UNPAID),
        clause=clause,
        exposure_minor=entries.amount_minor,
        field="narrative",
        actual=lambda row: f"says {said[row]!r} and is billed",
        expected=lambda _: "worked without a charge",
        summary="{rows} likely of an activity that is not billable",
        probability=probability,
    )


def far_from_scope(facts: Facts) -> Hits:
    """T22: billable work on a task in scope, in the words of other projects.

    The probability is 0.3 x the share of the narrative's content words that are foreign to the
    project: not used on it before, used on others, and not by all. Of a project with fewer than
    twenty entries before nothing is said.
    """
    entries = facts.entries
    learned = facts.past.learned
    clause = facts.entry_clause(ClauseKind.SCOPE)
    billable = np.where(entries.minutes_billable > 0, clause, UNKNOWN)
    is_outside = facts.terms.scope.is_outside(
        billable, line=entries.line, task=entries.task, day=entries.work_day
    )
    share = np.zeros(len(entries))
    for row in np.flatnonzero((billable != UNKNOWN) & ~is_outside).tolist():
        share[row] = foreign_share(
            entries.narrative[row], project=int(entries.project[row]), learned=learned
        )
    probability = FOUND_OUTSIDE * share
    return entry_hits(
        facts,
        np.flatnonzero(probability >= LEAST_FOREIGN),
        clause=clause,
        exposure_minor=-entries.amount_minor,
        field="narrative",
        actual=lambda row: f"{share[row]:.0%} of its words belong to other projects",
        expected=lambda _: "work of the agreed scope, or under an executed change order",
        summary="{rows} likely out of scope",
        probability=probability,
    )


def foreign_share(narrative: str, *, project: int, learned: Learned) -> float:
    """Give the share of a narrative's content words that are foreign to a project.

    Words of unpaid work belong to no project, and are another finding's.
    """
    text = content_words(narrative)
    if (
        len(text) < FEWEST_CONTENT_WORDS
        or learned.entries_of_project.get(project, 0) < FEWEST_ENTRIES_ON_PROJECT
    ):
        return 0.0
    here = learned.uses_of_word_on_project.get(project, {})
    most_projects = SPECIFIC_SHARE * len(learned.entries_of_project)
    foreign = 0
    for word in text:
        own = here.get(word, 0)
        foreign += (
            own <= USES_HERE
            and learned.uses_of_word.get(word, 0) - own >= SEEN_ELSEWHERE
            and learned.projects_of_word.get(word, 0) <= most_projects
        )
    return 0.0 if foreign and speaks_of_unpaid_work(narrative) else foreign / len(text)


def _pattern(facts: Facts, clause: int) -> re.Pattern[str] | None:
    """The phrases of the kinds of work that a clause excludes."""
    found = facts.clause(clause)
    excluded = found.terms.activities if found and isinstance(found.terms, Exclusions) else ()
    kinds = sorted({kind for activity in excluded for kind in kinds_of_activity(activity)})
    phrases = [phrase for kind in kinds for phrase in UNPAID[kind].phrases]
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b") if phrases else None


def _is_own(phrase: str, *, project: int, learned: Learned) -> bool:
    """Whether every word of a phrase has been used on the project often enough to be its own."""
    here = learned.uses_of_word_on_project.get(project, {})
    return all(here.get(word, 0) >= OWN_USES for word in phrase.split())
