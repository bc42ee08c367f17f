"""What a person says of an item, wherever they say it: decision, second opinion, correction."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.schemas.decision import Adjustment
from data.schemas.values import MinorUnits, Record, Text
from data.schemas.vocabulary import OverrideCause, ReasonCode, Verdict

MOST_REASONS = 5


class SpokenVerdict(Record):
    """A verdict with its reasons and figures. Who speaks comes from the session, never from it."""

    verdict: Verdict
    reason_codes: Annotated[tuple[ReasonCode, ...], Field(min_length=1, max_length=MOST_REASONS)]
    note: Text = ""
    adjustments: tuple[Adjustment, ...] = ()
    """For `adjust` of a timesheet or an expense report: the rows of which less is billed."""
    approved_minor: MinorUnits | None = None
    """For `adjust` of a milestone: the money to bill."""
    active_seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    override_cause: OverrideCause | None = None
    """Of a verdict against the machine: what would make it right next time."""
