"""What is kept of requests for approval: who was asked on which terms, and every word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from service.domain.approval import Approval, ApprovalWord
from service.domain.wall import Wall


class ApprovalStore(Protocol):
    """Requests for approval; what people said is appended and never changed."""

    def add(self, approvals: Sequence[Approval]) -> None:
        """Store new requests."""
        ...

    def get(self, approval_id: str) -> Approval | None:
        """Give a request with every word."""
        ...

    def save(self, approval: Approval) -> None:
        """Write a changed request; words are appended by `add_word`."""
        ...

    def add_word(self, approval_id: str, word: ApprovalWord) -> None:
        """Append one person's word."""
        ...

    def of_decision(self, decision_id: str) -> list[Approval]:
        """Give the requests of a decision, by kind."""
        ...

    def waiting_of_case(self, case_id: str) -> list[Approval]:
        """Give the requests of a case that have not ended, asked or not yet."""
        ...

    def asked(self, *, wall: Wall, limit: int) -> list[Approval]:
        """Give the requests that wait for somebody's word, longest first."""
        ...

    def to_remind(self, *, now: datetime, limit: int) -> list[Approval]:
        """Give the requests whose people are to be reminded."""
        ...

    def overdue(self, *, now: datetime, limit: int) -> list[Approval]:
        """Give the requests that nobody answered in time and that have not escalated."""
        ...
