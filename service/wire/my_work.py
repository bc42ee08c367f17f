"""Shapes of a person's own work: what they hold, wait for and are waited for, and their absence."""

from __future__ import annotations

from datetime import datetime

from data.schemas.values import Identifier, Record, UtcTime
from service.wire.cases import CaseSummary


class HeldCase(Record):
    """A case the person holds; the token is theirs alone, and fences every later write."""

    case: CaseSummary
    lease_token: int


class MyDay(Record):
    """What a person did since a moment, for their own eyes; nobody is ranked by it."""

    since: datetime
    decided: int
    median_active_seconds: float | None
    """Time on the case itself; None before the first decision."""


class MyWork(Record):
    """Everything that waits for one person, or that they wait for."""

    held: tuple[HeldCase, ...]
    awaiting_information: tuple[CaseSummary, ...]
    snoozed: tuple[CaseSummary, ...]
    """Cases the person put away until a moment."""
    returned: tuple[CaseSummary, ...]
    """Cases the person decided or asked about that wait for a decision again."""
    day: MyDay
    unread: int
    """Notifications the person has not read."""


class AbsenceRequest(Record):
    """When somebody is away; both ends None ends the absence."""

    absent_from: UtcTime | None = None
    absent_until: UtcTime | None = None
    deputy_id: Identifier | None = None


class Absence(Record):
    """A person's absence as it stands."""

    absent_from: datetime | None
    absent_until: datetime | None
    deputy_id: str | None
    deputy_name: str | None
    is_absent: bool
