"""Shapes of the audit trail: what to look for, its entries, and whether it is whole."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from data.schemas.values import Record
from data.schemas.vocabulary import AuditEvent

MAX_ENTRIES = 200


class EntryOrder(StrEnum):
    """Which end of the trail a list begins at."""

    OLDEST = "oldest"
    NEWEST = "newest"


class AuditSearch(BaseModel):
    """What to look for in the audit trail; all of it must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    subject: Annotated[str | None, Field(max_length=400)] = None
    """What an entry is about, such as a case or an item, by its whole id."""
    actor: Annotated[str | None, Field(max_length=400)] = None
    """Who did it, by their whole id."""
    event: AuditEvent | None = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: Annotated[AwareDatetime | None, Field(alias="to")] = None
    """Entries of before this moment."""
    q: Annotated[str | None, Field(max_length=200)] = None
    """Part of an entry's text."""


class AuditQuery(AuditSearch):
    """The same with the page that is wanted; read from the query string."""

    order: EntryOrder = EntryOrder.OLDEST
    cursor: Annotated[str | None, Field(max_length=80)] = None
    limit: Annotated[int, Field(ge=1, le=MAX_ENTRIES)] = 50


class AuditEntryView(Record):
    """One entry of the audit trail; `index` is None until the sequencer has ordered it."""

    index: int | None
    id: int
    body: dict[str, Any]
    actor_name: str | None = None
    """The name of the person who acted; None for workflows and for policy."""


class AuditPage(Record):
    """Entries in the order asked for."""

    entries: tuple[AuditEntryView, ...]
    next_cursor: str | None


class AuditProblem(Record):
    """One kind of damage to the trail."""

    kind: str
    what: str
    why: str
    remedy: str
    count: int


class AuditVerification(Record):
    """Whether the trail is whole: its entries against the newest signed head.

    A long trail is checked in steps, each call going on where the last one stopped; `is_complete`
    says that this call reached the head.
    """

    is_whole: bool
    """Nothing wrong was found as far as the check has come."""
    is_complete: bool
    entries_signed: int
    """Entries the newest signed head vouches for."""
    entries_checked: int
    """Of those, how many this round has looked at."""
    entries_waiting: int
    """Entries of the last moments, which the next signature will cover."""
    signed_at: datetime | None
    root: str
    """Merkle root that was signed, in base64; empty without a head."""
    last_complete_at: datetime | None
    """When a round last came to its end; None until the first one has."""
    seconds: float
    problems: tuple[AuditProblem, ...]
