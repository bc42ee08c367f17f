"""What is kept: one small protocol for each kind of record, and one transaction over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from data.schemas.assessment import Assessment
from data.schemas.decision import Decision
from data.schemas.items import AnyItem
from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.reference import Reference
from data.schemas.vocabulary import AuditEvent
from service.domain.account import Account, ApiKey, Session
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.posting import Posting


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

    def withdraw(self, seq: int, *, at: datetime) -> None:
        """Mark a version as deleted at its source."""
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

    def waiting(self) -> list[Case]:
        """Give the cases that are open or claimed; whose claim still runs, the domain says."""
        ...

    def unfinished_of_items(self, item_ids: Sequence[str]) -> list[Case]:
        """Give the cases of these items that are neither decided nor closed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A second person's word on a decision."""

    decision_id: str
    decider_id: str
    approver_id: str
    is_approved: bool
    at: datetime


class DecisionStore(Protocol):
    """Decisions: appended, never changed; an undo is a fact beside them."""

    def add(self, decision: Decision) -> None:
        """Append a decision."""
        ...

    def get(self, decision_id: str) -> Decision | None:
        """Give a decision."""
        ...

    def add_undo(self, decision_id: str, *, at: datetime) -> None:
        """Append that a decision was undone."""
        ...

    def is_undone(self, decision_id: str) -> bool:
        """Say whether a decision was undone."""
        ...

    def last_of_case(self, case_id: str) -> Decision | None:
        """Give the decision in force on a case."""
        ...

    def add_signature(self, signature: Signature) -> None:
        """Append the second signature under a decision."""
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


class AccountStore(Protocol):
    """Log-ins, sessions and API keys."""

    def by_login(self, login: str) -> Account | None:
        """Give the account of a log-in name."""
        ...

    def by_person(self, person_id: str) -> Account | None:
        """Give the account of a person."""
        ...

    def save(self, account: Account) -> None:
        """Write an account."""
        ...

    def session(self, token_sha256: str) -> Session | None:
        """Give a session."""
        ...

    def save_session(self, session: Session) -> None:
        """Write a session."""
        ...

    def key(self, key_sha256: str) -> ApiKey | None:
        """Give an API key."""
        ...

    def save_key(self, key: ApiKey) -> None:
        """Write an API key."""
        ...


class AnswerStore(Protocol):
    """Answers kept under their idempotency key, to be repeated byte for byte."""

    def find(self, *, owner: str, key: str) -> tuple[str, bytes] | None:
        """Give the request hash and the answer kept under a key."""
        ...

    def keep(
        self, *, owner: str, key: str, request_sha256: str, answer: bytes, at: datetime
    ) -> None:
        """Keep an answer."""
        ...


class AuditTrail(Protocol):
    """Where facts are written down for good, and read back to learn from."""

    def entries(self, *events: AuditEvent) -> Iterator[Mapping[str, Any]]:
        """Give the bodies of all entries of these events, oldest first."""
        ...

    def record(self, *entries: AuditEntry) -> None:
        """Append facts; they commit together with what they tell of."""
        ...


class FactKind(StrEnum):
    """What the scorer remembers; the subject says of which one."""

    ITEM = "item"
    REFERENCE = "reference"
    INVOICE = "invoice"
    PAYMENT = "payment"
    VERDICT = "verdict"
    PAST_VERDICT = "past_verdict"
    BILL = "bill"
    BILL_WITHDRAWN = "bill_withdrawn"
    ITEM_WITHDRAWN = "item_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that became known; `seq` is the one order that replay repeats."""

    kind: FactKind
    subject_id: str
    at: datetime
    seq: int = 0


class FactStore(Protocol):
    """The order in which everything became known; each fact stands once."""

    def add(self, facts: Sequence[Fact]) -> None:
        """Append facts; one that stands already is left as it is."""
        ...

    def since(self, seq: int) -> list[Fact]:
        """Give the facts after `seq`, in order."""
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
    def decisions(self) -> DecisionStore:
        """Decisions, undos and signatures."""
        ...

    @property
    def postings(self) -> PostingStore:
        """Postings."""
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
    def facts(self) -> FactStore:
        """What became known, in order."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """The audit trail."""
        ...
