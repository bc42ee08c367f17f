"""A business system that takes bills, and what it says to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from service.domain.bill import Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The ledger's own name for what it wrote."""

    token: str
    document_id: str
    state: str
    total_minor: int


class LedgerTransientError(Exception):
    """The ledger could not answer now; the same call may pass later.

    `retry_after_seconds` is set where the ledger said how long to wait: never come back sooner.
    """

    def __init__(self, message: str = "", *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class LedgerRefusedError(Exception):
    """The ledger says no to this content; repeating it changes nothing."""


class LedgerPort(Protocol):
    """A business system that takes bills. Every call is safe to repeat.

    Calls raise LedgerTransientError (try again) or LedgerRefusedError (a person must look).
    """

    name: str

    def find_by_token(self, token: str) -> Receipt | None:
        """Give what was written under this token, or None."""
        ...

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill as a draft that carries its token; a repeat gives the first receipt."""
        ...

    def read_state(self, document_id: str) -> str:
        """Give the ledger's state of a document: draft, validated, posted, paid or cancelled."""
        ...
