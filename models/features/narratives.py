"""What the words of a timesheet give away: emptiness, repetition, and words of other projects."""

from __future__ import annotations

import numpy as np

from data.schemas.items import Timesheet
from models.columns import Batch, EntryColumns, Floats
from models.past.history import History, Past
from models.words import similarity, words

VAGUE_WORDS = frozenset({
    "various", "several", "misc", "miscellaneous", "general", "ongoing", "other", "others",
    "work", "working", "project", "projects", "task", "tasks", "support", "follow", "up",
    "followup", "item", "items", "topic", "topics", "stuff", "things", "call", "calls", "email",
    "emails", "mail", "mails", "meeting", "meetings", "needed", "etc", "activities", "activity",
    "as", "on", "and", "the", "of", "for", "day", "half",
})  # fmt: skip
VAGUE_AT_LEAST = 0.6
"""Share of vague words from which a narrative says nothing about the work."""
OVERHEAD_WORDS = frozenset({
    "internal", "travel", "travelling", "commute", "admin", "administration", "timesheet",
    "timesheets", "expense", "expenses", "onboarding", "proposal", "laptop", "licence",
    "licences", "license", "licenses", "recruiting", "interview", "knowledge", "idle", "bench",
    "holiday", "sick",
})  # fmt: skip
NEAR_DAYS = 7
COMPARED_ENTRIES = 12
"""How many earlier entries of the same person and task an entry is compared with."""
FEWEST_ENTRIES_ON_PROJECT = 20
OWN_USES, OTHER_USES, SPECIFIC_SHARE = 1, 3, 0.35
"""A word is foreign if used at most once here, at least three times elsewhere, and only on some
of the projects: words that everybody uses say nothing about where the work was done."""

NAMES = (
    "narrative_words_mean",
    "vague_share",
    "overhead_share",
    "near_duplicate_similarity",
    "foreign_word_share",
)


def narratives(batch: Batch, *, past: Past, history: History) -> dict[str, Floats]:
    """Give the features of narratives; a milestone has none."""
    table = np.full((len(batch), len(NAMES)), np.nan)
    earlier = _earlier(past.entries, batch=batch)
    for index, item in enumerate(batch.items):
        if isinstance(item, Timesheet):
            start, stop = int(batch.first_entry[index]), int(batch.first_entry[index + 1])
            texts = [words(text) for text in batch.entries.narrative[start:stop]]
            table[index] = (
                sum(map(len, texts)) / len(texts),
                sum(map(_is_vague, texts)) / len(texts),
                sum(not OVERHEAD_WORDS.isdisjoint(text) for text in texts) / len(texts),
                _most_alike(batch.entries, start=start, stop=stop, earlier=earlier),
                _most_foreign(texts, project=int(batch.project[index]), history=history),
            )
    return {name: table[:, column] for column, name in enumerate(NAMES)}


def _is_vague(text: tuple[str, ...]) -> bool:
    vague = sum(word in VAGUE_WORDS for word in text)
    return vague >= VAGUE_AT_LEAST * len(text)


Entry = tuple[int, int, str]
"""Work day, minutes and narrative."""


def _earlier(past: EntryColumns, *, batch: Batch) -> dict[tuple[int, int], list[Entry]]:
    """Past entries by person and task, near enough in time to be repeated by this batch."""
    own = batch.entries
    if len(own) == 0:
        return {}
    is_near = np.isin(past.person, own.person) & (past.work_day >= own.work_day.min() - NEAR_DAYS)
    rows = np.flatnonzero(is_near)
    by_task: dict[tuple[int, int], list[Entry]] = {}
    for row, person, task, day, minutes in zip(
        rows.tolist(), past.person[rows].tolist(), past.task[rows].tolist(),
        past.work_day[rows].tolist(), past.minutes_worked[rows].tolist(), strict=True,
    ):  # fmt: skip
        by_task.setdefault((person, task), []).append((day, minutes, past.narrative[row]))
    return by_task


def _most_alike(
    own: EntryColumns, *, start: int, stop: int, earlier: dict[tuple[int, int], list[Entry]]
) -> float:
    """The greatest similarity of two narratives with equal minutes on one task within a week."""
    most = 0.0
    seen: dict[tuple[int, int], list[Entry]] = {}
    for row in range(start, stop):
        task = (int(own.person[row]), int(own.task[row]))
        day, minutes = int(own.work_day[row]), int(own.minutes_worked[row])
        text = frozenset(words(own.narrative[row]))
        mates = seen.setdefault(task, [])
        for other_day, other_minutes, other in (earlier.get(task, []) + mates)[-COMPARED_ENTRIES:]:
            if other_minutes == minutes and 0 < abs(day - other_day) <= NEAR_DAYS:
                most = max(most, similarity(text, frozenset(words(other))))
        mates.append((day, minutes, own.narrative[row]))
    return most


def _most_foreign(texts: list[tuple[str, ...]], *, project: int, history: History) -> float:
    """The greatest share of foreign words in one narrative; unknown on a young project."""
    if history.entries_of_project.get(project, 0) < FEWEST_ENTRIES_ON_PROJECT:
        return float("nan")
    here = history.uses_of_word_on_project.get(project, {})
    most_projects = SPECIFIC_SHARE * len(history.entries_of_project)
    most = 0.0
    for text in texts:
        foreign = 0
        for word in text:
            own = here.get(word, 0)
            foreign += (
                own <= OWN_USES
                and history.uses_of_word.get(word, 0) - own >= OTHER_USES
                and history.projects_of_word[word] <= most_projects
            )
        most = max(most, foreign / len(text) if text else 0.0)
    return most
