"""How far narratives lie from what was agreed, and whether one lumps activities together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache

import numpy as np

from data.schemas.items import Timesheet
from data.schemas.vocabulary import ChangeOrderStatus
from models.columns import Batch, Floats
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.likely.lexicon import ANY_UNPAID, SEPARATORS, content_words, is_verb
from models.past.history import History
from models.terms import Terms
from models.words import REMEMBERED_NARRATIVES, words

LUMPED = 2
FEWEST_OPENINGS, USUAL_OPENING = 20, 5
"""Before so many different first words were read, none is known to be usual."""
FEWEST_SCOPE_WORDS = 5
"""With fewer words in the agreed texts nothing can be said of how far work lies from them."""

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="most_activities", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=1, dispute=0),
            sentence="One narrative lists {value:.0f} activities"),
    Feature(name="lumped_entry_hours", type=_T.HOURS, known_at=_K.DECISION,
            signs=signs(fault=1, dispute=0),
            sentence="The longest entry that lists several activities has {value:.1f} hours"),
    Feature(name="unpaid_words_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="{value:.0%} of the time is told in words of work that clients do not pay"),
    Feature(name="scope_distance", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="{value:.0%} of the words of one narrative stand nowhere in the agreed scope"),
    Feature(name="scope_distance_mean", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="{value:.0%} of the words on average stand nowhere in the agreed scope"),
)  # fmt: skip


def wording(
    batch: Batch, *, history: History, terms: Terms, decided_at: datetime
) -> dict[str, Floats]:
    """Give the features of wording; anything but a timesheet has none."""
    table = np.full((len(batch), len(FEATURES)), np.nan)
    scopes: dict[tuple[str, str, str], frozenset[str]] = {}
    for index, item in enumerate(batch.items):
        if not isinstance(item, Timesheet):
            continue
        place = (item.contract_id, item.line_id, item.entries[0].project_id)
        if place not in scopes:
            scopes[place] = _scope_words(place, terms=terms, on=decided_at.date())
        table[index] = (
            *_activities(item, openings=history.openings),
            *_distances(item, scope=scopes[place]),
        )
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


@lru_cache(maxsize=REMEMBERED_NARRATIVES)
def _read(narrative: str) -> tuple[tuple[str, ...], bool]:
    """The distinct words that open a part of a narrative, and whether it tells of unpaid work."""
    parts = (words(part) for part in SEPARATORS.split(narrative))
    openings = dict.fromkeys(part[0] for part in parts if part)
    return tuple(openings), ANY_UNPAID.search(" ".join(words(narrative))) is not None


def _count(opening_words: tuple[str, ...], *, openings: Mapping[str, int]) -> int:
    """Activities: parts opened by a word that people begin narratives with.

    'Reviewed the plan and logged the questions' tells of one; while little was read, verbs count.
    """
    if len(openings) < FEWEST_OPENINGS:
        return sum(is_verb(word) for word in opening_words)
    return sum(openings.get(word, 0) >= USUAL_OPENING for word in opening_words)


def _activities(sheet: Timesheet, *, openings: Mapping[str, int]) -> tuple[float, float, float]:
    most, longest, unpaid, worked = 0, 0, 0, 0
    for entry in sheet.entries:
        opening_words, is_unpaid = _read(entry.narrative)
        count = _count(opening_words, openings=openings)
        most = max(most, count)
        if count >= LUMPED:
            longest = max(longest, entry.minutes_billable)
        unpaid += entry.minutes_worked * is_unpaid
        worked += entry.minutes_worked
    return float(most), longest / 60.0, unpaid / max(worked, 1)


def _distances(sheet: Timesheet, *, scope: frozenset[str]) -> tuple[float, float]:
    if len(scope) < FEWEST_SCOPE_WORDS:
        return float("nan"), float("nan")
    texts = [content_words(entry.narrative) for entry in sheet.entries]
    outside = [1.0 - len(text & scope) / len(text) for text in texts if text]
    if not outside:
        return 0.0, 0.0
    return max(outside), sum(outside) / len(outside)


def _scope_words(place: tuple[str, str, str], *, terms: Terms, on: date) -> frozenset[str]:
    texts = _scope_texts(place, terms=terms, on=on)
    return frozenset(word for text in texts for word in content_words(text))


def _scope_texts(place: tuple[str, str, str], *, terms: Terms, on: date) -> Iterator[str]:
    """What names the work: contract, line, project, its tasks, and change orders in force."""
    contract_id, line_id, project_id = place
    contract = terms.reference.contracts.get(contract_id)
    project = terms.reference.projects.get(project_id)
    if contract is not None:
        yield contract.name
        yield from (line.name for line in contract.lines if line.id == line_id)
        for order in contract.change_orders:
            if order.status is ChangeOrderStatus.EXECUTED and order.effective_on <= on:
                yield order.scope
    if project is not None:
        yield project.name
        yield from (task.name for task in project.tasks)
