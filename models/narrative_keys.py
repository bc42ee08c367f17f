"""Narratives as numbers: equal words in equal order give one key, for one text and for a million.

A key is the sum of the hash of each word times a power that says where it stands, so that it can
be put together from the pieces between spaces, each of which is read once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.words import runs

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

STEP = 0x9E37_79B9_7F4A_7C15
"""An odd number with its bits well spread (two to the 64th over the golden ratio)."""
WHOLE = (1 << 64) - 1
REMEMBERED_PIECES = 65_536
"""People write the same words every day; this is about 10 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeColumns:
    """What is compared of each narrative: its key, and how many words and numbers it has."""

    keys: Ints
    words: Ints


def narrative_key(narrative: str) -> int:
    """Hash a narrative by its words alone, so that case and punctuation do not tell two apart."""
    return _signed(_piece(runs(narrative)))


def narrative_key_and_words(narrative: str) -> tuple[int, int]:
    """Give the key, and how many words and numbers there are."""
    words = runs(narrative)
    return _signed(_piece(words)), len(words)


def narrative_columns(narratives: pa.Array) -> NarrativeColumns:
    """Give the same keys for a whole column of texts, nulls as empty ones."""
    pieces = pc.ascii_split_whitespace(narratives.cast(pa.large_string()).fill_null(""))
    offsets = pieces.offsets.to_numpy().astype(np.int64)
    listed = pieces.values.slice(offsets[0], offsets[-1] - offsets[0]).dictionary_encode()
    place = listed.indices.to_numpy()
    known = [_piece_and_size(piece) for piece in listed.dictionary.to_pylist()]
    hashes = np.array([one for one, _ in known], dtype=np.uint64)[place]
    sizes = np.array([size for _, size in known], dtype=np.int64)[place]
    offsets -= offsets[0]
    before = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    words = before[offsets[1:]] - before[offsets[:-1]]
    stands = before[:-1] - np.repeat(before[offsets[:-1]], np.diff(offsets))
    powers = _powers(int(words.max(initial=0)))
    # Sums wrap at 64 bits, and so do differences of sums: what is between two is exact.
    total = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(hashes * powers[stands])))
    keys = total[offsets[1:]] - total[offsets[:-1]]
    return NarrativeColumns(keys=keys.view(np.int64), words=words)


@lru_cache(maxsize=REMEMBERED_PIECES)
def _piece_and_size(piece: str) -> tuple[int, int]:
    found = runs(piece)
    return _piece(found), len(found)


def _piece(words: list[str]) -> int:
    key, power = 0, 1
    for word in words:
        key += _hash(word) * power
        power = power * STEP & WHOLE
    return key & WHOLE


@lru_cache(maxsize=REMEMBERED_PIECES)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


def _powers(count: int) -> Words:
    steps = np.full(count + 1, STEP, dtype=np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
