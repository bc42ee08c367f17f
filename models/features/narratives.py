"""What the words of a timesheet give away: emptiness, unpaid work, and words of other projects."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from data.schemas.items import Timesheet
from models.columns import Batch, Floats
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.history import History
from models.stock_words import VAGUE_WORDS
from models.words import REMEMBERED_NARRATIVES, words

VAGUE_AT_LEAST = 0.6
"""Share of vague words from which a narrative says nothing about the work."""
OVERHEAD_WORDS = frozenset({
    "internal", "travel", "travelling", "commute", "admin", "administration", "timesheet",
    "timesheets", "expense", "expenses", "onboarding", "proposal", "laptop", "licence",
    "licences", "license", "licenses", "recruiting", "interview", "knowledge", "idle", "bench",
    "holiday", "sick",
})  # fmt: skip
FEWEST_ENTRIES_ON_PROJECT = 20
OWN_USES, OTHER_USES, SPECIFIC_SHARE = 1, 3, 0.35
"""A word is foreign if used at most once here, at least three times elsewhere, and only on some
of the projects: words that everybody uses say nothing about where the work was done."""

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="narrative_words_mean", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="Narratives have {value:.1f} words on average"),
    Feature(name="narrative_words_min", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="The shortest narrative has {value:.0f} words"),
    Feature(name="vague_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=1, write_off=1, dispute=1),
            sentence="{value:.0%} of the narratives say nothing about the work"),
    Feature(name="overhead_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=1, write_off=0, dispute=0),
            sentence="{value:.0%} of the narratives speak of internal work or travel"),
    Feature(name="foreign_word_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=0, dispute=1),
            sentence="{value:.0%} of the words of one narrative belong to other projects"),
)  # fmt: skip


class Reading(NamedTuple):
    """What a narrative says by itself."""

    words: tuple[str, ...]
    is_vague: bool
    is_overhead: bool


@lru_cache(maxsize=REMEMBERED_NARRATIVES)
def read(narrative: str) -> Reading:
    """Read a narrative; people write the same one again and again."""
    text = words(narrative)
    vague = sum(word in VAGUE_WORDS for word in text)
    return Reading(text, vague >= VAGUE_AT_LEAST * len(text), not OVERHEAD_WORDS.isdisjoint(text))


def narratives(batch: Batch, *, history: History) -> dict[str, Floats]:
    """Give the features of narratives; anything but a timesheet has none."""
    table = np.full((len(batch), len(FEATURES)), np.nan)
    foreign = _ForeignWords(history)
    for index, item in enumerate(batch.items):
        if isinstance(item, Timesheet):
            start, stop = int(batch.first_entry[index]), int(batch.first_entry[index + 1])
            texts = [read(text) for text in batch.entries.narrative[start:stop]]
            lengths = [len(text.words) for text in texts]
            table[index] = (
                sum(lengths) / len(texts),
                min(lengths),
                sum(text.is_vague for text in texts) / len(texts),
                sum(text.is_overhead for text in texts) / len(texts),
                foreign.most(texts, project=int(batch.project[index])),
            )
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


class _ForeignWords:
    """Which words belong to other projects, each looked up once a batch and project."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._most_projects = SPECIFIC_SHARE * len(history.entries_of_project)
        self._is_foreign: dict[tuple[int, str], bool] = {}

    def most(self, texts: list[Reading], *, project: int) -> float:
        """Give the greatest share of foreign words in one narrative; unknown of a young project."""
        if self._history.entries_of_project.get(project, 0) < FEWEST_ENTRIES_ON_PROJECT:
            return float("nan")
        return max(self._share(text.words, project=project) for text in texts)

    def _share(self, text: tuple[str, ...], *, project: int) -> float:
        if not text:
            return 0.0
        foreign = 0
        for word in text:
            known = self._is_foreign.get((project, word))
            if known is None:
                known = self._is_foreign[project, word] = self._look_up(word, project=project)
            foreign += known
        return foreign / len(text)

    def _look_up(self, word: str, *, project: int) -> bool:
        history = self._history
        own = history.uses_of_word_on_project.get(project, {}).get(word, 0)
        return (
            own <= OWN_USES
            and history.uses_of_word.get(word, 0) - own >= OTHER_USES
            and history.projects_of_word[word] <= self._most_projects
        )
