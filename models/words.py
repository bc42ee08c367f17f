"""Narratives as words, so that two texts can be compared without case and punctuation."""

from __future__ import annotations

import re
from functools import lru_cache

REMEMBERED_NARRATIVES = 16_384
"""The same narrative is read again with every item of its writer; this is about 10 MB."""


_RUN = re.compile(r"[^\W_]+")
"""Letters and digits side by side, as `str.isalnum` knows them."""


def runs(narrative: str) -> list[str]:
    """Give the words and numbers of a narrative in lower case."""
    return _RUN.findall(narrative.casefold())


@lru_cache(maxsize=REMEMBERED_NARRATIVES)
def words(narrative: str) -> tuple[str, ...]:
    """Give the words of a narrative in lower case; a bare number is not a word."""
    return tuple(word for word in runs(narrative) if not word.isdigit())


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the Jaccard similarity of two sets of words; two empty texts are not alike."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
