"""Shapes of reference objects' answers; the objects themselves are in `data.schemas`."""

from __future__ import annotations

from data.schemas.values import Record

MAX_OBJECTS = 5_000


class ReferenceAnswer(Record):
    """How many objects came, and how many of them changed anything."""

    received: int
    changed: int
