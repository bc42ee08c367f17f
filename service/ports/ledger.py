"""A business system that takes bills, and what it says to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from service.domain.bill import Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The ledger's own name for what it wrote."""

    token: str
    document_id: str
    state: str
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in for a document, on the day it came in."""

    paid_on: date
    amount_minor: int


class LedgerPort(Protocol):
    """A business system that takes bills. Every call is safe to repeat.

    Calls raise OutsideTransientError (try again; OutsideAmbiguousError where a write may have been
    kept) or OutsideRefusedError (a person must look; OutsideConflictError where the document
    changed meanwhile).
    """

    name: str

    def find_by_token(self, token: str) -> Receipt | None:
        """Give what was written under this token, or None."""
        ...

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill as a draft that carries its token; a repeat gives the first receipt.

        A bill below zero is a credit. A ledger that takes none refuses it and says what to do.
        """
        ...

    def post(self, document_id: str) -> Receipt:
        """Make a draft count in the books; the state is read first, so a repeat gives the same.

        A cancelled document raises OutsideConflictError.
        """
        ...

    def read_state(self, document_id: str) -> str:
        """Give the ledger's state of a document: draft, validated, posted, paid or cancelled."""
        ...

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        """Give what was paid on a document, by day; nothing for one that is not posted."""
        ...


def days_to_pay(invoiced_on: date, *, payments: Iterable[Payment]) -> int | None:
    """Give the days from the invoice to its latest payment, or None before the first.

    Whether the document is paid in full is its state, not this number.
    """
    days = [payment.paid_on for payment in payments]
    return (max(days) - invoiced_on).days if days else None
