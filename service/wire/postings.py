"""Shapes of what people do about postings that failed for good."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from data.schemas.values import Identifier, Record, Text
from data.schemas.vocabulary import FailureKind

LONGEST_DESCRIPTION = 200
"""Characters of a line on a bill."""
Reason = Annotated[Text, Field(min_length=1, max_length=1_000)]


class RetryRequest(Record):
    """What was mended before the posting is tried again."""

    reason: Reason


class AssignRequest(Record):
    """Who is to see to a posting."""

    person_id: Identifier


class DiscardRequest(Record):
    """Why a bill is given up."""

    reason: Reason


class RetryAlikeRequest(Record):
    """What was mended before everything that failed for one reason is tried again."""

    code: Annotated[Text, Field(min_length=1, max_length=200)]
    """The `reason` of the postings."""
    reason: Reason


class RetriedView(Record):
    """How many postings are tried again, and how many of the same reason are left."""

    retried: int
    left: int


class LineText(Record):
    """What one line of a bill says, by its place from 1."""

    place: Annotated[int, Field(ge=1, le=10_000)]
    description: Annotated[Text, Field(min_length=1, max_length=LONGEST_DESCRIPTION)]


class EditRequest(Record):
    """What is mended in a bill before it is tried again; money and rows cannot be.

    A day that is left out stays as it is.
    """

    reason: Reason
    period_start: date | None = None
    period_end: date | None = None
    lines: Annotated[tuple[LineText, ...], Field(max_length=1_000)] = ()


class MarkPostedRequest(Record):
    """The document that somebody wrote in the ledger by hand for a bill."""

    document_id: Annotated[Text, Field(min_length=1, max_length=200)]
    reason: Reason


class BillLineView(Record):
    """One line of a bill."""

    description: str
    quantity_minutes: int | None
    hourly_rate_minor: int | None
    amount_minor: int
    service_date: date | None
    source_row_ids: tuple[str, ...]


class BillView(Record):
    """A bill as it goes to the ledger, to be entered there by hand where it must not wait."""

    posting_id: str
    token: str
    item_id: str
    contract_id: str
    contract_line_id: str | None
    client_id: str
    currency: str
    period_start: date | None
    period_end: date
    total_minor: int
    corrects: str | None
    lines: tuple[BillLineView, ...]


class ReasonView(Record):
    """Everything in the exception queue that one remedy mends."""

    reason: str
    name: str
    kind: FailureKind
    remedy: str
    postings: int
    late: int
    """Of them, those that are past their time."""
    since: datetime
    """When the oldest of them began to fail."""


class ReasonsView(Record):
    """The exception queue by reason, the most frequent first."""

    reasons: tuple[ReasonView, ...]
