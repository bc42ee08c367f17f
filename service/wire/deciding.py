"""Shapes of decisions by more than one person, of many at once, corrected, and of moved time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from data.schemas.values import Identifier, Record, Text
from data.schemas.vocabulary import ReasonCode, TransferStatus, Verdict
from service.wire.cases import CaseSummary, DecisionView
from service.wire.verdicts import MOST_REASONS, SpokenVerdict

MOST_IN_BULK = 100
NotEmpty = Annotated[Text, Field(min_length=1)]


class SecondVerdictRequest(SpokenVerdict):
    """A second person's own verdict on a case whose money is large."""

    version: int


class AdjudicationRequest(Record):
    """Which of two decisions stands; with none, the case is decided anew."""

    version: int
    stands: Identifier | None
    note: NotEmpty


class CorrectionRequest(SpokenVerdict):
    """A later verdict that takes the place of a decision; the note says why."""

    note: NotEmpty


class MoneyPreview(Record):
    """What a verdict would bill, give up, move and leave; the very figures that are stored."""

    charged_minor: int
    """What the item asks for."""
    approved_minor: int
    written_off_minor: int
    moved_minor: int
    not_billed_minor: int
    currency: str


class PreviewRequest(SpokenVerdict):
    """A verdict that somebody thinks of giving."""

    case_id: Identifier


class ApprovalView(Record):
    """A case that waits for another person's word."""

    case: CaseSummary
    asked: Literal["second_verdict", "adjudication"]
    since: datetime
    """When the last person spoke."""
    rule: str
    """Why another person is asked."""
    may_i: bool
    why_not: str | None
    """Why this person may not give that word."""
    disputed: tuple[DecisionView, ...] = ()
    """The two decisions that differ, the first one first; none while a second one is awaited."""


class ApprovalPage(Record):
    """What waits for another person, most money times age first."""

    approvals: tuple[ApprovalView, ...]


class BulkCase(Record):
    """A case as it stood on the screen."""

    case_id: Identifier
    version: int


class BulkRequest(Record):
    """One verdict, for one shared reason, on several cases."""

    cases: Annotated[tuple[BulkCase, ...], Field(min_length=1, max_length=MOST_IN_BULK)]
    verdict: Verdict
    reason_codes: Annotated[tuple[ReasonCode, ...], Field(min_length=1, max_length=MOST_REASONS)]
    note: Text = ""


class BulkRow(Record):
    """One case of a bulk: whether it takes part, and why not."""

    case_id: str
    title: str
    amount_minor: int
    currency: str
    is_included: bool
    why_not: str | None


class BulkPreview(Record):
    """What a bulk would do."""

    rows: tuple[BulkRow, ...]
    included: int
    total_minor: dict[str, int]
    """Money of the cases that take part, by currency."""


class BulkAnswer(Record):
    """What a bulk did: every case that took part is decided, the others are as they were."""

    bulk_id: str
    rows: tuple[BulkRow, ...]
    included: int
    total_minor: dict[str, int]
    undo_until: datetime
    """Until then the whole bulk can be taken back."""


class BulkView(Record):
    """A bulk that was decided."""

    id: str
    verdict: Verdict
    reason_codes: tuple[ReasonCode, ...]
    note: str
    decisions: int
    at: datetime
    undo_until: datetime | None
    """None once it is over, or the bulk was taken back."""
    is_reverted: bool


class BulkPage(Record):
    """Bulks, newest first."""

    bulks: tuple[BulkView, ...]
    next_cursor: str | None = None


class TransferView(Record):
    """Minutes that a decision moved to another contract line, and whether they are booked there."""

    id: str
    case_id: str
    item_id: str
    row_id: str
    minutes: int
    amount_minor: int
    """At the rate of the line they were on."""
    currency: str
    from_contract_id: str
    from_line_id: str
    to_contract_id: str
    to_contract_name: str
    to_line_id: str
    status: TransferStatus
    created_at: datetime
    settled_by_name: str | None
    settled_at: datetime | None
    note: str


class TransferPage(Record):
    """Transfers, oldest first."""

    transfers: tuple[TransferView, ...]
    next_cursor: str | None


class SettleRequest(Record):
    """What became of moved minutes: booked where they belong, or not."""

    is_done: bool
    note: Text = ""
