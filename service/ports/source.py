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
    """Resumes after this page; opaque to everyone but the connector that wrote it."""
    gone: tuple[str, ...] = ()
    """Ids of rows, given earlier, that the source system no longer has."""


class SourcePort(Protocol):
    """A business system that work is read from, incrementally.

    Calls raise OutsideTransientError or OutsideRefusedError; a pull may be repeated.
    """

    name: str

    def entities(self) -> tuple[str, ...]:
        """Give the kinds of rows that can be pulled."""
        ...

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        """Give the rows of `entity` changed since `cursor`, page by page, oldest change first.

        No change is missed. One may come twice where a pull broke off, and never otherwise. Without
        a cursor everything comes. Nothing changed gives no page.
        """
        ...
