"""Where items and what was said of them are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.assessment import Assessment
from data.schemas.items import AnyItem


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """One version of an item as the store keeps it; `seq` orders all versions ever accepted."""

    seq: int
    item: AnyItem
    sha256: str
    client_id: str
    received_at: datetime
    withdrawn_at: datetime | None = None
    """When it was deleted at its source."""
    is_correction: bool = False
    """Said of an item just stored: it took the place of an older version."""
    business_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An assessment as it was stored, byte for byte, beside the item it speaks of."""

    assessment_id: str
    text: str
    stored: StoredItem
    is_superseded: bool


class ItemStore(Protocol):
    """Items and what was said of them; nothing is ever overwritten."""

    def find_versions(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Give the assessment id of each known (item id, sha256)."""
        ...

    def find_unassessed(self, keys: Sequence[tuple[str, str]]) -> set[str]:
        """Give the ids of those (item id, sha256) that were taken as history, unassessed."""
        ...

    def add(self, items: Sequence[StoredItem]) -> list[StoredItem]:
        """Store new versions, marking older ones superseded; give them back with their seq."""
        ...

    def add_assessments(self, assessments: Sequence[tuple[int, Assessment]]) -> None:
        """Store assessments with the seq of their item."""
        ...

    def assessment(self, assessment_id: str) -> Assessment | None:
        """Give a stored assessment."""
        ...

    def version(self, seq: int) -> StoredItem:
        """Give one stored version of an item."""
        ...

    def newest(self, item_id: str) -> StoredItem | None:
        """Give the newest version of an item."""
        ...

    def newest_at(self, item_id: str, *, at: datetime) -> StoredItem | None:
        """Give the version of an item that was the newest at a moment."""
        ...

    def withdraw(self, seq: int, *, at: datetime) -> None:
        """Mark a version as deleted at its source."""
        ...

    def everything_said(self) -> Iterator[Said]:
        """Give every assessment there is, oldest first."""
        ...

    def assessed(self, assessment_id: str) -> tuple[int, Assessment] | None:
        """Give a stored assessment with the seq of the item version it speaks of."""
        ...

    def assessment_of(self, seq: int) -> Assessment | None:
        """Give what was said of one version of an item."""
        ...

    def count_cleared_before(self, bundle: str, *, seq: int) -> int:
        """Count the items cleared on the word of a bundle among those stored before one."""
        ...

    def count_cleared(self, bundle: str) -> int:
        """Count the items that policy cleared on the word of a bundle."""
        ...

    def unbilled_milestones(self, *, contract_id: str, line_id: str) -> int:
        """Count the milestones of a line that are not billed yet."""
        ...
