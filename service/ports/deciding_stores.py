"""What is kept of decisions taken by more than one person, of many at once, and of moved time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.decision import Decision
from data.schemas.vocabulary import ReasonCode, TransferStatus, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a second person's own verdict meant for a decision."""

    decision_id: str
    decider_id: str
    approver_id: str
    is_approved: bool
    """Both came to the same."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudication:
    """A third person's word where two disagreed; without `stands_id` neither decision stands."""

    first_decision_id: str
    second_decision_id: str
    stands_id: str | None
    decider_id: str
    second_id: str
    adjudicator_id: str
    note: str
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
        """Give the decision in force on a case; a second opinion only where it was found to stand.

        While a case waits for a second person it is the decision that waits.
        """
        ...

    def second_to(self, decision_id: str) -> Decision | None:
        """Give the second opinion to a decision, unless it was undone."""
        ...

    def of_bulk(self, bulk_id: str) -> list[Decision]:
        """Give the decisions of a bulk that were not undone."""
        ...

    def add_signature(self, signature: Signature) -> None:
        """Append what a second opinion meant."""
        ...

    def ruling_on(self, second_decision_id: str) -> str | None:
        """Give the id of the decision that a third person let stand over this second one."""
        ...

    def add_adjudication(self, adjudication: Adjudication) -> None:
        """Append what a third person said."""
        ...

    def is_adjudicated(self, decision_id: str) -> bool:
        """Say whether a third person has ruled on a decision."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """Several cases decided at once, for one shared reason."""

    id: str
    actor_id: str
    verdict: Verdict
    reason_codes: tuple[ReasonCode, ...]
    note: str
    decisions: int
    at: datetime


class BulkStore(Protocol):
    """Bulks, and those that were taken back as a whole."""

    def add(self, bulk: Bulk) -> None:
        """Append a bulk."""
        ...

    def get(self, bulk_id: str) -> Bulk | None:
        """Give a bulk."""
        ...

    def add_revert(self, bulk_id: str, *, actor_id: str, at: datetime) -> None:
        """Append that a bulk was taken back."""
        ...

    def is_reverted(self, bulk_id: str) -> bool:
        """Say whether a bulk was taken back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Minutes of an entry that a decision moved to another contract line; somebody books them."""

    id: str
    decision_id: str
    item_id: str
    client_id: str
    business_unit: str | None
    row_id: str
    minutes: int
    amount_minor: int
    currency: str
    to_contract_id: str
    to_line_id: str
    status: TransferStatus
    created_at: datetime
    settled_by_id: str | None = None
    settled_at: datetime | None = None
    note: str = ""


class TransferStore(Protocol):
    """Moved minutes until somebody says that they are booked where they belong."""

    def add(self, transfers: Sequence[Transfer]) -> None:
        """Store new transfers."""
        ...

    def get(self, transfer_id: str) -> Transfer | None:
        """Give a transfer."""
        ...

    def of_decision(self, decision_id: str) -> list[Transfer]:
        """Give what a decision moved."""
        ...

    def save(self, transfer: Transfer) -> None:
        """Write a settled transfer."""
        ...
