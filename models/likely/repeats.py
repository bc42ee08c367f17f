"""Was nearly the same work recorded twice?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.columns import EntryColumns, Ints
from models.likely.lexicon import CONTINUED, content_words
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.words import similarity, words

FEWEST_CONTENT_WORDS = 3
"""Two short texts are alike by chance."""
NEXT_DAY_PENALTY = 0.25
"""What a day between two entries takes off: work that goes on reads alike from day to day."""
CONTINUED_FACTOR = 0.5
"""A text that says it goes on with another is half as likely to be the same work."""
LEAST_PROBABILITY = 0.75
"""Below it honest work is hit more often than once in a hundred sheets (measured on the firm)."""
COMPARED = 6
"""How many neighbours of the same work and minutes an entry is compared with."""


def near_duplicate_time_entry(facts: Facts) -> Hits:
    """T15: person, task and minutes of an earlier entry of the same or the next day, and its words.

    The probability is the Jaccard similarity of the words that say something, less a quarter for a
    day between the two, and half of that where the text says that it continues. What repeats an
    entry exactly on one day is the rule's.
    """
    entries = facts.entries
    pairs = _pairs(facts)
    probability = np.zeros(len(entries))
    other: dict[int, str] = {}
    for later, text, name, days in zip(
        pairs.later.tolist(), pairs.text, pairs.name, pairs.days.tolist(), strict=True
    ):
        alike = _likeness(entries.narrative[later], text, days=days)
        if alike > probability[later]:
            probability[later], other[later] = alike, name
    is_hit = (probability >= LEAST_PROBABILITY) & (entries.minutes_billable > 0)
    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=facts.entry_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=entries.amount_minor,
        field="narrative",
        actual=lambda row: f"reads {probability[row]:.0%} like entry {other[row]}",
        expected=lambda _: "the same work billed once",
        summary="{rows} likely recorded twice",
        probability=probability,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Entries of the batch beside an earlier one of the same person, task and minutes."""

    later: Ints
    text: list[str]
    name: list[str]
    """Narrative and id of the earlier one."""
    days: Ints


def _pairs(facts: Facts) -> _Pairs:
    entries = facts.entries
    near = _near(facts)
    columns = {
        name: np.concatenate((getattr(near, name), getattr(entries, name)))
        for name in ("person", "task", "minutes_worked", "work_day", "narrative_key")
    }
    rank = np.concatenate((np.zeros(len(near), dtype=np.int64), _rank(facts)))
    group = (columns["minutes_worked"], columns["task"], columns["person"])
    order = np.lexsort((rank, columns["work_day"], *group))
    found: list[Ints] = []
    for shift in range(1, min(COMPARED, len(order) - 1) + 1):
        one, other = order[:-shift], order[shift:]
        is_pair = columns["work_day"][other] - columns["work_day"][one] <= 1
        for column in group:
            is_pair &= column[one] == column[other]
        found.append(np.column_stack((one[is_pair], other[is_pair])))
    both = np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)
    is_swapped = rank[both[:, 0]] > rank[both[:, 1]]
    both[is_swapped] = both[is_swapped][:, ::-1]
    days = np.abs(columns["work_day"][both[:, 1]] - columns["work_day"][both[:, 0]])
    is_exact = columns["narrative_key"][both[:, 0]] == columns["narrative_key"][both[:, 1]]
    kept = (rank[both[:, 1]] > 0) & ~((days == 0) & is_exact)
    earlier = both[kept, 0]
    narrative = np.concatenate((near.narrative, entries.narrative))
    name = np.concatenate((near.entry_id, entries.entry_id))
    return _Pairs(
        later=both[kept, 1] - len(near),
        text=narrative[earlier].tolist(),
        name=name[earlier].tolist(),
        days=days[kept],
    )


def _near(facts: Facts) -> EntryColumns:
    """Past entries of the same people from a day before the batch to a day after it."""
    past, own = facts.past.entries, facts.entries
    if not len(own):
        return past.take(np.zeros(0, dtype=np.int64))
    is_near = (past.work_day >= own.work_day.min() - 1) & (past.work_day <= own.work_day.max() + 1)
    return past.take(np.flatnonzero(is_near))


def _rank(facts: Facts) -> Ints:
    """The place of each entry in the counting order, from one on; the past stands at zero."""
    rank = np.empty(len(facts.entries), dtype=np.int64)
    rank[facts.order.rows] = np.arange(1, len(facts.entries) + 1)
    return rank


def _likeness(one: str, other: str, *, days: int) -> float:
    mine, theirs = content_words(one), content_words(other)
    if min(len(mine), len(theirs)) < FEWEST_CONTENT_WORDS:
        return 0.0
    alike = similarity(mine, theirs) - NEXT_DAY_PENALTY * days
    says_so = set(words(one)) ^ set(words(other))
    return alike * CONTINUED_FACTOR if not CONTINUED.isdisjoint(says_so) else alike
