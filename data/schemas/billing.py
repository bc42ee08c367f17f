"""What was invoiced and what was paid."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.values import (
    Currency,
    Identifier,
    LocalDate,
    MinorUnits,
    Record,
    UtcTime,
)
from data.schemas.vocabulary import InvoiceStatus


class DisputeReason(StrEnum):
    """Why a client rejects a line, in the codes of the Peppol Invoice Response."""

    REFERENCE = "REF"
    PRICE = "PRI"
    QUANTITY = "QTY"
    ITEM = "ITM"
    QUALITY = "QUA"


class InvoiceLine(Record):
    """One billed entry, expense or milestone."""

    id: Identifier
    entry_id: Identifier | None = None
    milestone_id: Identifier | None = None
    """The milestone's item id (`source:external_id`); an entry's is the id of the entry."""
    expense_id: Identifier | None = None
    amount_minor: MinorUnits
    line_id: Identifier | None = None
    """The contract line it was billed on."""

    @model_validator(mode="after")
    def _bills_one_thing(self) -> InvoiceLine:
        named = [one for one in (self.entry_id, self.milestone_id, self.expense_id) if one]
        if len(named) != 1:
            raise ValueError("names exactly one of entry_id, milestone_id and expense_id")
        return self

    @property
    def row_id(self) -> str:
        """What it bills."""
        return self.entry_id or self.milestone_id or self.expense_id or ""


class Invoice(Record):
    """A bill as the ledger knows it; `period_end` closes the work it bills."""

    id: Identifier
    client_id: Identifier
    contract_id: Identifier
    currency: Currency
    period_end: LocalDate
    issued_at: UtcTime
    due_on: LocalDate
    status: InvoiceStatus
    lines: Annotated[tuple[InvoiceLine, ...], Field(min_length=1)]

    @property
    def total_minor(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_minor for line in self.lines)


class Payment(Record):
    """Money received for an invoice."""

    id: Identifier
    invoice_id: Identifier
    paid_on: LocalDate
    amount_minor: MinorUnits
    recorded_at: UtcTime


class Dispute(Record):
    """A client's objection to one billed row, and what was credited for it."""

    id: Identifier
    invoice_id: Identifier
    row_id: Identifier
    """The entry, expense or milestone item that the disputed line bills."""
    reason: DisputeReason
    opened_on: LocalDate
    credited_minor: MinorUnits
    """Zero where the client withdrew the objection."""
    recorded_at: UtcTime


class WriteOff(Record):
    """Value that was given up at billing, before the client saw it."""

    id: Identifier
    item_id: Identifier
    amount_minor: MinorUnits
    recorded_at: UtcTime
