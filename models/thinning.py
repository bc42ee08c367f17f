"""Coins that anyone can toss again: a hash of a name and a salt, as a number in [0, 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from models.columns import Floats

BITS = 53
"""The digits a float keeps; the first 53 bits of the hash are uniform enough for any share."""


def uniform(name: str, *, salt: str) -> float:
    """Give a number in [0, 1) that depends on the name and the salt only."""
    digest = hashlib.sha256(f"{name}\x1f{salt}".encode()).digest()
    number: int = int.from_bytes(digest[:8], "big") >> (64 - BITS)
    return number / (1 << BITS)


def uniforms(names: Sequence[str], *, salt: str) -> Floats:
    """Give one number in [0, 1) for each name."""
    return np.array([uniform(name, salt=salt) for name in names], dtype=np.float64)
