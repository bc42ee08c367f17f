"""Words that belong to other work than the task they are booked on."""

from __future__ import annotations

import math
from heapq import nlargest

import numpy as np

from models.columns import Batch, EntryColumns, Floats
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.features.sheets import sheets_of
from models.features.task_use import TaskUse
from models.likely.lexicon import content_words
from models.past.history import History
from models.terms import Terms

FEWEST_ENTRIES_ON_TASK = 10
"""Of tasks with fewer entries, namesakes together, nothing can be said."""
FEWEST_USES_ELSEWHERE = 3
PRIOR_USES, PRIOR_ENTRIES = 0.25, 5.0
"""A task that never saw a word may still do so: a quarter of a use in five entries."""
MOST_WEIGHT = 4.0
"""In log-odds: a word fifty times rarer here than where it is at home weighs no more."""
TELLING_WORDS = 2
"""A narrative is as foreign as its two most foreign words: the rest is how people talk."""
FOREIGN_WEIGHT = 2.0

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="foreign_weight", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=1),
            sentence="The words of one narrative are {value:.1f} log-odds more usual on other "
                     "tasks"),
    Feature(name="foreign_entries", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=1),
            sentence="{value:.0f} narratives have words of other tasks"),
    Feature(name="misplaced_weight", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=1),
            sentence="An entry on a task unusual for this person has words that are {value:.1f} "
                     "log-odds more usual on others"),
    Feature(name="misplaced_entries", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=1),
            sentence="{value:.0f} entries have a task unusual for this person and words of others"),
)  # fmt: skip


def foreign_words(
    batch: Batch, *, use: TaskUse, history: History, terms: Terms
) -> dict[str, Floats]:
    """Give the features of foreign words; an item without entries has none."""
    sheets = sheets_of(batch)
    if sheets is None:
        return {}
    weight = _weights(batch.entries, history=history, terms=terms)
    is_usual = use.is_settled & ~use.is_rare
    misplaced = np.where(is_usual, np.minimum(weight, 0.0), weight)
    columns = {}
    for name, one in (("foreign", weight), ("misplaced", misplaced)):
        heaviest = np.fmax.reduceat(one, sheets.starts)
        is_foreign = np.nan_to_num(one) >= FOREIGN_WEIGHT
        count = np.add.reduceat(is_foreign * 1.0, sheets.starts)
        columns[f"{name}_weight"] = heaviest
        columns[f"{name}_entries"] = np.where(np.isnan(heaviest), np.nan, count)
    return {name: sheets.spread(column) for name, column in columns.items()}


def _weights(entries: EntryColumns, *, history: History, terms: Terms) -> Floats:
    """How much each entry reads like another task's work; NaN where too little is known."""
    words = _Words(history, terms=terms)
    told = zip(entries.narrative.tolist(), entries.task.tolist(), strict=True)
    return np.array([words.weight(text, task=task) for text, task in told], dtype=np.float64)


class _Words:
    """How much rarer each word is on tasks of a name than where it is at home, looked up once."""

    def __init__(self, history: History, *, terms: Terms) -> None:
        self._history, self._terms = history, terms
        self._entries = sum(history.entries_of_project.values())
        self._projects = max(len(history.entries_of_project), 1)
        self._here: dict[int, tuple[tuple[int, ...], int]] = {}
        self._known: dict[tuple[int, str], float] = {}

    def weight(self, narrative: str, *, task: int) -> float:
        """Give the mean log-odds of the most foreign words; NaN of a task hardly known."""
        tasks, entries = self._tasks(task)
        if entries < FEWEST_ENTRIES_ON_TASK:
            return math.nan
        told = [self._log_odds(word, tasks=tasks, entries=entries)
                for word in content_words(narrative)]  # fmt: skip
        return sum(nlargest(TELLING_WORDS, told)) / TELLING_WORDS

    def _tasks(self, task: int) -> tuple[tuple[int, ...], int]:
        known = self._here.get(task)
        if known is None:
            tasks = self._terms.namesakes.of(task)
            entries = sum(self._history.entries_of_task.get(one, 0) for one in tasks)
            known = self._here[task] = tasks, entries
        return known

    def _log_odds(self, word: str, *, tasks: tuple[int, ...], entries: int) -> float:
        place = (tasks[0], word)
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._look_up(word, tasks=tasks, entries=entries)
        return known

    def _look_up(self, word: str, *, tasks: tuple[int, ...], entries: int) -> float:
        history = self._history
        on_task = history.uses_of_word_on_task
        own = sum(on_task[one].get(word, 0) for one in tasks if one in on_task)
        elsewhere = history.uses_of_word.get(word, 0) - own
        if elsewhere < FEWEST_USES_ELSEWHERE:
            return 0.0
        at_home = (self._entries - entries) * history.projects_of_word[word] / self._projects
        ratio = (elsewhere / max(at_home, 1.0)) * (entries + PRIOR_ENTRIES) / (own + PRIOR_USES)
        return min(max(math.log(ratio), 0.0), MOST_WEIGHT)
