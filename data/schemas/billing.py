"""What was invoiced and what was paid."""

from __future__ import annotations

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


class InvoiceLine(Record):
    """One billed entry or milestone."""

    id: Identifier
    entry_id: Identifier | None = None
    milestone_id: Identifier | None = None
    """The milestone's item id (`source:external_id`); an entry's is the id of the entry."""
    amount_minor: MinorUnits

    @model_validator(mode="after")
    def _bills_one_thing(self) -> InvoiceLine:
        if (self.entry_id is None) == (self.milestone_id is None):
            raise ValueError("names exactly one of entry_id and milestone_id")
        return self


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
