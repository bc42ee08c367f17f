"""A narrative as terms: its words and pairs of words, and runs of characters inside words.

Runs of characters see what words miss: abbreviations, other forms of a word, and misspellings.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from models.words import words

SHORTEST_RUN, LONGEST_RUN = 3, 5
RUN_MARK = "~"
"""Stands before a run of characters, so that none is taken for a word."""
REMEMBERED_WORDS = 16_384
"""A trade has some thousand words; each has about twenty runs, so this is about 20 MB at most."""


def terms_of(narrative: str) -> frozenset[str]:
    """Give the terms of one narrative; numbers tell no kind of work and are left out."""
    told = words(narrative)
    pairs = (f"{one} {two}" for one, two in pairwise(told))
    return frozenset(told).union(pairs, *(_runs(word) for word in told))


@lru_cache(maxsize=REMEMBERED_WORDS)
def _runs(word: str) -> tuple[str, ...]:
    edged = f" {word} "
    return tuple(
        RUN_MARK + edged[start : start + length]
        for length in range(SHORTEST_RUN, LONGEST_RUN + 1)
        for start in range(len(edged) - length + 1)
    )
