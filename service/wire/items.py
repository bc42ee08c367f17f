"""Shapes of the items API: the versions of an item, and what its withdrawal led to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.schemas.items import AnyItem
from data.schemas.values import Identifier, Name, Record, Sha256, UtcTime


class ItemVersion(Record):
    """One version of an item as it was received; nothing is ever overwritten."""

    version: Annotated[int, Field(ge=1)]
    item_sha256: Sha256
    received_at: UtcTime
    is_superseded: bool
    withdrawn_at: UtcTime | None
    assessment_id: Identifier | None
    """What was said of this version; None for history taken unassessed."""
    item: Annotated[AnyItem, Field(discriminator="kind")]


class ItemVersions(Record):
    """All versions of one item, oldest first."""

    item_id: Identifier
    versions: tuple[ItemVersion, ...]


class Withdrawal(Record):
    """What the deletion of an item at its source led to."""

    item_id: Identifier
    withdrawn_at: UtcTime
    posting_id: Identifier | None = None
    """The bill that has left with it and must be credited, if there is one."""
    case_id: Name | None = None
    """The case in which a person settles that."""
