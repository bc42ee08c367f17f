"""What is kept: one small protocol for each kind of record, and one transaction over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.reference import Reference
from data.schemas.vocabulary import AuditEvent
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.posting import Posting
from service.ports.account_stores import AccountStore
from service.ports.answer_stores import AnswerStore
from service.ports.approval_stores import ApprovalStore
from service.ports.blind_stores import ExposureStore, KnownAnswerStore
from service.ports.deciding_stores import BulkStore, DecisionStore, TransferStore
from service.ports.document_stores import DocumentStore
from service.ports.event_stores import EventDeliveryStore, EventStore, SubscriberStore
from service.ports.fact_stores import Fact, FactKind, FactStore
from service.ports.failure_stores import CircuitStore, FailureStore
from service.ports.flow_stores import FlowHoldStore
from service.ports.item_stores import ItemStore, Said, StoredItem
from service.ports.policy_stores import PolicyStore
from service.ports.quality_stores import QualityStore
from service.ports.queue_look import QueueLook, Waiting
from service.ports.sync_stores import SyncStore
from service.ports.talk_stores import NotificationStore, TalkStore, ViewStore
from service.ports.watch_stores import CheckStore, JobStore, ShadowStore, WatchStore

__all__ = ["Fact", "FactKind", "FactStore", "ItemStore", "Said", "StoredItem"]


class CaseStore(Protocol):
    """Cases, written with the version they were read in."""

    def add(self, cases: Sequence[Case]) -> list[Case]:
        """Store new cases and give them back with their ids."""
        ...

    def get(self, case_id: str) -> Case | None:
        """Give a case."""
        ...

    def save(self, case: Case) -> None:
        """Write a changed case."""
        ...

    def held_by(self, person_id: str, *, now: datetime) -> list[Case]:
        """Give the cases whose lease is the person's and runs."""
        ...

    def take(self, claimed: Case) -> bool:
        """Write a new lease, unless somebody was faster; says whether it was written."""
        ...

    def look(self, wanted: QueueLook) -> Waiting:
        """Give the few cases that may come next for a person, however many wait."""
        ...

    def repeats(self, case_id: str) -> list[Case]:
        """Give the cases that show the item of a case again."""
        ...

    def lapsed(self, *, now: datetime, limit: int) -> list[Case]:
        """Give claimed cases whose lease ran out."""
        ...

    def woken(self, *, now: datetime, limit: int) -> list[Case]:
        """Give snoozed cases whose time has come."""
        ...

    def overdue(self, *, now: datetime, limit: int) -> list[Case]:
        """Give cases that nobody answered in time and that policy still acts on."""
        ...

    def decided_doubles(self, *, limit: int) -> list[Case]:
        """Give blind second reviews that are decided and whose answer is not known yet."""
        ...

    def unfinished_of_items(self, item_ids: Sequence[str]) -> list[Case]:
        """Give the cases of these items that are neither decided nor closed."""
        ...

    def opened_by(self, item_ids: Sequence[str]) -> dict[str, str]:
        """Give the id of the case by its assessment, for these items; what repeats one is none."""
        ...


class PostingStore(Protocol):
    """Writes to business systems, pending and done."""

    def add(self, postings: Sequence[Posting]) -> None:
        """Store new postings."""
        ...

    def get(self, posting_id: str) -> Posting | None:
        """Give a posting."""
        ...

    def bills(self, posting_ids: Sequence[str]) -> dict[str, str]:
        """Give the bill of each posting there is, as it was written down."""
        ...

    def of_decision(self, decision_id: str) -> Posting | None:
        """Give the posting a decision led to."""
        ...

    def of_item(self, item_id: str) -> list[Posting]:
        """Give every posting of an item, in any version, oldest first."""
        ...

    def of_document(self, ledger: str, document_id: str) -> Posting | None:
        """Give the posting that a document of a ledger belongs to."""
        ...

    def done_at(self) -> dict[str, datetime]:
        """Give when the last bill of each billed item was written to the ledger, by item id."""
        ...

    def save(self, posting: Posting) -> None:
        """Write a changed posting."""
        ...


class ReferenceStore(Protocol):
    """Whom we bill, under which terms, who works and when; what was billed and paid."""

    def put(self, kind: str, object_id: str, *, body: str, at: datetime) -> bool:
        """Store an object; say whether anything changed."""
        ...

    def get(self, kind: str, object_id: str) -> str | None:
        """Give an object's body."""
        ...

    def get_version(self, name: str) -> str | None:
        """Give the body of one version by the name that `version_name` gave."""
        ...

    def version_name(self, kind: str, object_id: str) -> str:
        """Give the name of the newest version of an object, `kind/id/version`."""
        ...

    def bodies(self, kind: str) -> list[str]:
        """Give the newest body of every object of a kind, by id."""
        ...

    def load(self) -> Reference:
        """Give everything items are checked against."""
        ...

    def load_as_of(self, through: int) -> Reference:
        """Give the same as it was in force when the fact `through` was the last."""
        ...


class ProposalStore(Protocol):
    """Clauses proposed from a contract's text: appended, and settled once."""

    def add(self, proposals: Sequence[Proposal]) -> None:
        """Store new proposals."""
        ...

    def get(self, proposal_id: str) -> Proposal | None:
        """Give a proposal as it stands."""
        ...

    def of_contract(
        self,
        contract_id: str,
        *,
        status: ProposalStatus | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> list[Proposal]:
        """Give the proposals of a contract as they stand, oldest first, after an id."""
        ...

    def settle(self, settled: Proposal) -> None:
        """Append what a person said of a proposal."""
        ...


class AuditTrail(Protocol):
    """Where facts are written down for good, and read back to learn from."""

    def entries(self, *events: AuditEvent) -> Iterator[Mapping[str, Any]]:
        """Give the bodies of all entries of these events, oldest first."""
        ...

    def record(self, *entries: AuditEntry) -> None:
        """Append facts; they commit together with what they tell of."""
        ...


class UnitOfWork(Protocol):
    """One transaction with everything in it; commit belongs to whoever opened it."""

    @property
    def items(self) -> ItemStore:
        """Items and assessments."""
        ...

    @property
    def cases(self) -> CaseStore:
        """Cases."""
        ...

    @property
    def exposures(self) -> ExposureStore:
        """What people were told of the models' opinion."""
        ...

    @property
    def known_answers(self) -> KnownAnswerStore:
        """Items whose right answer is known."""
        ...

    @property
    def decisions(self) -> DecisionStore:
        """Decisions, undos and signatures."""
        ...

    @property
    def bulks(self) -> BulkStore:
        """Decisions taken together."""
        ...

    @property
    def transfers(self) -> TransferStore:
        """Minutes that belong to another contract line."""
        ...

    @property
    def postings(self) -> PostingStore:
        """Postings."""
        ...

    @property
    def failures(self) -> FailureStore:
        """Postings in trouble."""
        ...

    @property
    def circuits(self) -> CircuitStore:
        """How business systems fare."""
        ...

    @property
    def references(self) -> ReferenceStore:
        """Reference objects."""
        ...

    @property
    def proposals(self) -> ProposalStore:
        """Proposed clauses."""
        ...

    @property
    def accounts(self) -> AccountStore:
        """Log-ins, sessions and keys."""
        ...

    @property
    def answers(self) -> AnswerStore:
        """Kept answers."""
        ...

    @property
    def checks(self) -> CheckStore:
        """Random checks of cleared items."""
        ...

    @property
    def watches(self) -> WatchStore:
        """What those checks say of each promise."""
        ...

    @property
    def shadows(self) -> ShadowStore:
        """What a challenger said."""
        ...

    @property
    def jobs(self) -> JobStore:
        """Orders to the models."""
        ...

    @property
    def facts(self) -> FactStore:
        """What became known, in order."""
        ...

    @property
    def documents(self) -> DocumentStore:
        """Texts that clauses were read out of."""
        ...

    @property
    def quality(self) -> QualityStore:
        """What measures how well people judge."""
        ...

    @property
    def approvals(self) -> ApprovalStore:
        """Requests for approval."""
        ...

    @property
    def flow_holds(self) -> FlowHoldStore:
        """Flows that people hold back."""
        ...

    @property
    def syncs(self) -> SyncStore:
        """Sources that are read, and the syncs that read them."""
        ...

    @property
    def policies(self) -> PolicyStore:
        """The review policy, its drafts and versions."""
        ...

    @property
    def talk(self) -> TalkStore:
        """Comments and attachments."""
        ...

    @property
    def views(self) -> ViewStore:
        """Saved views."""
        ...

    @property
    def notifications(self) -> NotificationStore:
        """What people were told."""
        ...

    @property
    def events(self) -> EventStore:
        """What is told outside."""
        ...

    @property
    def subscribers(self) -> SubscriberStore:
        """Who is told."""
        ...

    @property
    def event_deliveries(self) -> EventDeliveryStore:
        """What is on its way."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """The audit trail."""
        ...
