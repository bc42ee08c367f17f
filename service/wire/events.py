"""What is told outside: one table of the types of events, and the shape of what each one says.

Ids and money, never a narrative, a name or a score: whoever may know more asks the API for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from data.schemas.values import Record
from data.schemas.vocabulary import (
    ApprovalKind,
    AuditEvent,
    CaseStatus,
    ItemKind,
    ReasonCode,
    Verdict,
)

PREFIX = "countersign."
TEST_TYPE = f"{PREFIX}test"
MOST_FREED = 25
"""People named in one event: with the longest ids there are it stays below 20 kB."""
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


class ItemTold(Record):
    """Every event: the item it is about, and whose it is."""

    item_id: str
    item_kind: ItemKind
    contract_id: str
    client_id: str
    business_unit: str | None = None
    case_id: str | None = None
    """None for an item that was cleared without a case."""


class CaseOpenedTold(ItemTold):
    """A person is asked."""

    status: CaseStatus
    amount_minor: int
    currency: str


class CaseClosedTold(ItemTold):
    """Nobody is asked any more."""


class CaseDecidedTold(ItemTold):
    """A verdict was given; while a second person judges blind, it is not told which."""

    decision_id: str
    is_final: bool
    """Whether it ends the case, once every approval it needs is given; an undo is told as one."""
    verdict: Verdict | None
    reason_codes: tuple[ReasonCode, ...]
    approved_minor: int | None
    written_off_minor: int | None
    moved_minor: int | None
    currency: str


class DecisionUndoneTold(ItemTold):
    """A verdict counts no more."""

    decision_id: str


class ApprovalTold(ItemTold):
    """A decision needs the word of people named by the policy."""

    approval_id: str
    decision_id: str
    kind: ApprovalKind
    amount_minor: int
    currency: str


class PostingTold(ItemTold):
    """A bill on its way to the ledger."""

    posting_id: str
    ledger: str
    total_minor: int
    currency: str
    document_id: str | None
    """The document in the ledger, once there is one."""


class FreedPerson(Record):
    """Somebody who was planned on work that is done and billed."""

    person_id: str
    assignment_id: str
    planned_until: date


class CapacityReleasedTold(ItemTold):
    """People are free before they were planned to be."""

    project_id: str
    freed: tuple[FreedPerson, ...]
    freed_count: int
    """How many in all; `freed` names the first of them."""


class TrialTold(Record):
    """Nothing happened: somebody tries whether events arrive."""

    subscriber_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One type of event: the entry of the audit trail it tells of, and the shape of its data."""

    name: str
    """The `type` of the envelope."""
    fact: AuditEvent
    says: str
    told: type[ItemTold]


EVENT_KINDS = (
    EventKind(
        name="countersign.case.opened",
        fact=AuditEvent.CASE_OPENED,
        says="An item waits for a person.",
        told=CaseOpenedTold,
    ),
    EventKind(
        name="countersign.case.decided",
        fact=AuditEvent.CASE_DECIDED,
        says="A person, or policy after a time-out, gave a verdict.",
        told=CaseDecidedTold,
    ),
    EventKind(
        name="countersign.case.seconded",
        fact=AuditEvent.SECOND_SIGNATURE_GIVEN,
        says="A second person gave their verdict; where both agree, it takes effect.",
        told=CaseDecidedTold,
    ),
    EventKind(
        name="countersign.case.adjudicated",
        fact=AuditEvent.CASE_ADJUDICATED,
        says="A third person said which of two verdicts stands, or that neither does.",
        told=CaseDecidedTold,
    ),
    EventKind(
        name="countersign.case.corrected",
        fact=AuditEvent.DECISION_CORRECTED,
        says="A verdict was replaced by another one after its bill had left.",
        told=CaseDecidedTold,
    ),
    EventKind(
        name="countersign.case.undone",
        fact=AuditEvent.DECISION_UNDONE,
        says="A verdict was taken back; the case goes on.",
        told=DecisionUndoneTold,
    ),
    EventKind(
        name="countersign.case.closed",
        fact=AuditEvent.CASE_CLOSED,
        says="A case ended without a verdict.",
        told=CaseClosedTold,
    ),
    EventKind(
        name="countersign.approval.asked",
        fact=AuditEvent.APPROVAL_ASKED,
        says="Named people are asked to approve a decision.",
        told=ApprovalTold,
    ),
    EventKind(
        name="countersign.approval.given",
        fact=AuditEvent.APPROVAL_GIVEN,
        says="One of them said yes; the decision takes effect when all have.",
        told=ApprovalTold,
    ),
    EventKind(
        name="countersign.approval.rejected",
        fact=AuditEvent.APPROVAL_REJECTED,
        says="One of them said no; the decision is undone.",
        told=ApprovalTold,
    ),
    EventKind(
        name="countersign.posting.opened",
        fact=AuditEvent.POSTING_ENQUEUED,
        says="A bill was written and waits to leave.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.posting.done",
        fact=AuditEvent.POSTING_DONE,
        says="The ledger took a bill.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.posting.marked_posted",
        fact=AuditEvent.POSTING_MARKED_POSTED,
        says="Somebody entered a refused bill in the ledger by hand.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.posting.refused",
        fact=AuditEvent.POSTING_REFUSED,
        says="A bill waits in the exception queue; its reason stands there.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.posting.retried",
        fact=AuditEvent.POSTING_RETRIED,
        says="A refused bill is tried once more.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.posting.edited",
        fact=AuditEvent.POSTING_EDITED,
        says="Days or words of a refused bill were changed; it is tried again.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.posting.discarded",
        fact=AuditEvent.POSTING_DISCARDED,
        says="A refused bill was given up.",
        told=PostingTold,
    ),
    EventKind(
        name="countersign.capacity.released",
        fact=AuditEvent.CAPACITY_RELEASED,
        says="The last milestone of a line is billed, and people planned on it are free.",
        told=CapacityReleasedTold,
    ),
)
"""Everything that is told outside; what stands in no row stays inside."""
KIND_OF = {kind.fact: kind for kind in EVENT_KINDS}
TYPES = tuple(kind.name for kind in EVENT_KINDS)


class CloudEvent(BaseModel):
    """The envelope: CloudEvents 1.0.2 in structured JSON, with a number in order per subject.

    From: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: str
    """Unique within the source, and the same over all tries and replays."""
    source: str
    type: str
    subject: str
    """The case; for an item that never had one, the item."""
    time: datetime
    sequence: str
    """1, 2, 3 ... per subject, with leading zeros, so that it sorts as text too."""
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, object]
