"""Shapes of the scoring API: items in, assessments or rejections out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from data.schemas.assessment import Assessment
from data.schemas.batch import Rejection
from data.schemas.items import AnyItem
from data.schemas.values import Record

MAX_ITEMS = 1_000


class AssessmentRequest(Record):
    """One to a thousand raw items; each is read on its own, so one bad item spoils no other."""

    items: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MAX_ITEMS)]


class PastItem(Record):
    """An item billed before Countersign came, and what a review once found in it, if anything."""

    item: Annotated[AnyItem, Field(discriminator="kind")]
    is_violation: bool | None = None


class ItemOutcome(StrEnum):
    """What became of a submitted item."""

    ASSESSED = "assessed"
    UNCHANGED = "unchanged"
    """The same content was assessed before; the stored assessment is given again."""
    REJECTED = "rejected"


class ItemResult(Record):
    """What became of one row of the request."""

    row: int
    outcome: ItemOutcome
    assessment: Assessment | None = None
    case_id: str | None = None
    """Of an unchanged row the case that was opened when it was assessed."""
    rejection: Rejection | None = None

    @property
    def is_new_case(self) -> bool:
        """Say whether this row opened a case, or a newer version joined one."""
        return self.outcome is ItemOutcome.ASSESSED and self.case_id is not None


class AssessmentResponse(Record):
    """Every row of the request, in order; received = assessed + unchanged + rejected."""

    batch_id: str
    received: int
    assessed: int
    unchanged: int
    rejected: int
    results: tuple[ItemResult, ...]
