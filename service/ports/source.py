"""A business system that work is read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a pull: rows as the source system gave them, and where to go on."""

    entity: str
    rows: tuple[Mapping[str, object], ...]
    cursor: str


class SourcePort(Protocol):
    """A business system that work is read from, incrementally."""

    name: str

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        """Give the rows of `entity` changed since `cursor`, page by page, oldest change first."""
        ...
