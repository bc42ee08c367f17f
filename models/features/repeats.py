"""How much a narrative repeats an earlier one of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from models.columns import Batch, EntryColumns, Floats, Ints
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.history import Past
from models.words import REMEMBERED_NARRATIVES, similarity, words

NEAR_DAYS = 7
COMPARED_ENTRIES = 12
"""How many earlier entries of the same person and task an entry is compared with."""
LATEST_ENTRIES = 50
"""How many of a person's latest entries a narrative is compared with, whatever their task."""

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="near_duplicate_similarity", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="Two narratives are {value:.0%} alike, with equal minutes on the same task "
                     "within a week"),
    Feature(name="repeat_similarity", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=0, dispute=0),
            sentence="A narrative is {value:.0%} like one of the person's last fifty entries"),
)  # fmt: skip


class _Entry(NamedTuple):
    task: int
    day: int
    minutes: int
    words: frozenset[str]


def repeats(batch: Batch, *, past: Past) -> dict[str, Floats]:
    """Give the greatest similarities; an item without entries has none."""
    table = np.full((len(batch), len(FEATURES)), np.nan)
    earlier = _Earlier(past.entries)
    own = batch.entries
    for index in np.flatnonzero(np.diff(batch.first_entry)).tolist():
        start, stop = int(batch.first_entry[index]), int(batch.first_entry[index + 1])
        mine = _entries(own, np.arange(start, stop))
        before = earlier.of(int(batch.person[index]), first_day=min(one.day for one in mine))
        table[index] = (
            _most_alike(mine, before=before.near),
            _most_repeated(mine, before=before.latest),
        )
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


class _Before(NamedTuple):
    near: Sequence[_Entry]
    """Those of the days before that a sheet could repeat."""
    latest: Sequence[frozenset[str]]


class _Earlier:
    """Past entries by person, read as they are asked for."""

    def __init__(self, past: EntryColumns) -> None:
        self._past = past
        self._order = np.argsort(past.person, kind="stable")
        self._person = past.person[self._order]

    def of(self, person: int, *, first_day: int) -> _Before:
        low, high = np.searchsorted(self._person, [person, person + 1]).tolist()
        rows = self._order[low:high]
        is_near = self._past.work_day[rows] >= first_day - NEAR_DAYS
        latest = self._past.narrative[rows[-LATEST_ENTRIES:]].tolist()
        return _Before(
            near=_entries(self._past, rows[is_near]),
            latest=[_word_set(text) for text in latest],
        )


def _entries(columns: EntryColumns, rows: Ints) -> list[_Entry]:
    return [
        _Entry(task, day, minutes, _word_set(text))
        for task, day, minutes, text in zip(
            columns.task[rows].tolist(),
            columns.work_day[rows].tolist(),
            columns.minutes_worked[rows].tolist(),
            columns.narrative[rows].tolist(),
            strict=True,
        )
    ]


@lru_cache(maxsize=REMEMBERED_NARRATIVES)
def _word_set(narrative: str) -> frozenset[str]:
    return frozenset(words(narrative))


def _most_alike(mine: Sequence[_Entry], *, before: Sequence[_Entry]) -> float:
    """The greatest similarity of two narratives with equal minutes on one task within a week."""
    by_task: dict[int, list[_Entry]] = {}
    for one in before:
        by_task.setdefault(one.task, []).append(one)
    most = 0.0
    for one in mine:
        mates = by_task.setdefault(one.task, [])
        for other in mates[-COMPARED_ENTRIES:]:
            if other.minutes == one.minutes and 0 < abs(one.day - other.day) <= NEAR_DAYS:
                most = max(most, similarity(one.words, other.words))
        mates.append(one)
    return most


def _most_repeated(mine: Sequence[_Entry], *, before: Sequence[frozenset[str]]) -> float:
    """The greatest similarity to an earlier text, of the sheet itself or from before it."""
    most = 0.0
    for place, one in enumerate(mine):
        for other in mine[:place]:
            most = max(most, similarity(one.words, other.words))
    own_words = frozenset[str]().union(*(one.words for one in mine))
    for text in set(before):
        # Few texts share enough with all own entries together to be worth comparing one by one.
        if len(text & own_words) > most * len(text):
            most = max(most, *(similarity(one.words, text) for one in mine))
    return most
