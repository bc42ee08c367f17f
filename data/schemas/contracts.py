"""Contracts as data: typed clauses, effective-dated, each with its text and where it stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.clauses import ClauseTerms
from data.schemas.regions import BillingPractice
from data.schemas.values import (
    Country,
    Currency,
    Days,
    Identifier,
    LocalDate,
    MinorUnits,
    Name,
    Probability,
    Record,
    Sha256,
    SignedMinorUnits,
    Text,
    UtcTime,
)
from data.schemas.vocabulary import ChangeOrderStatus, ContractType

SHARE_TOLERANCE = 1e-6
"""Thirds written with a few digits still add up."""


class Client(Record):
    """Who is billed, how they pay, and what their invoices must carry."""

    id: Identifier
    name: Name
    country: Country
    currency: Currency
    payment_terms_days: Days = 30
    purchase_order_required: bool = False
    buyer_reference: Name | None = None
    """What the client routes invoices by (BT-10 of EN 16931)."""
    practice: BillingPractice | None = None
    """What this client wants otherwise than its region."""


class ClauseSource(Record):
    """Where a clause stands in the signed document."""

    document_sha256: Sha256
    page: Annotated[int, Field(ge=1)]
    char_start: Annotated[int, Field(ge=0)]
    char_end: Annotated[int, Field(ge=0)]


class Clause(Record):
    """One clause in force from `valid_from` to `valid_to` (both included; open without an end).

    Without `line_id` it governs every line of its contract; a line's own clause outranks it.
    """

    id: Identifier
    line_id: Identifier | None = None
    terms: ClauseTerms
    text: Text
    valid_from: LocalDate
    valid_to: LocalDate | None = None
    source: ClauseSource | None = None
    confidence: Probability = 1.0
    proposed_by: Identifier | None = None
    """What read it out of a document; None where a person wrote it."""
    confirmed_by: Identifier | None = None
    """Who put it in force; None while it is a proposal."""


class RateCardRow(Record):
    """The hourly rate of a labor category on a line, from `valid_from` to `valid_to` included.

    A row with a location holds there alone, and outranks the row without one.
    """

    line_id: Identifier
    labor_category: Identifier
    location: Identifier | None = None
    hourly_rate_minor: MinorUnits
    valid_from: LocalDate
    valid_to: LocalDate | None = None


class ChangeOrder(Record):
    """An amendment; only an executed one changes the terms, from its effective day on."""

    id: Identifier
    line_id: Identifier | None = None
    number: Name
    status: ChangeOrderStatus
    effective_on: LocalDate
    delta_value_minor: SignedMinorUnits = 0
    """Added to the ceiling."""
    delta_funded_minor: SignedMinorUnits = 0
    """Added to the funds; a change order adds none unless it says so (FAR 52.232-20)."""
    new_period_end: LocalDate | None = None
    scope: Text = ""
    task_ids: tuple[Identifier, ...] = ()
    """Tasks it brings into scope."""
    clauses: tuple[Clause, ...] = ()
    """Clauses it restates: each takes the place of its kind from the effective day on."""


class NoticeKind(StrEnum):
    """What a notice tells the client."""

    FUNDING = "funding"


class Notice(Record):
    """A notice given to the client; it answers for the funds as they stood that day."""

    kind: NoticeKind
    given_on: LocalDate
    line_id: Identifier | None = None


class CustomerShare(Record):
    """The part of a line that one customer pays."""

    client_id: Identifier
    share: Annotated[float, Field(gt=0.0, le=1.0)]


class ContractLine(Record):
    """One billable strand of a contract, tied to one project."""

    id: Identifier
    project_id: Identifier
    name: Name
    value_minor: MinorUnits = 0
    purchase_order: Identifier | None = None
    purchase_order_limit_minor: MinorUnits | None = None
    """What the purchase order covers in all; no limit is known without it."""
    buyer_reference: Name | None = None
    tax_code: Identifier | None = None
    customers: tuple[CustomerShare, ...] = ()
    """Who pays which part; without any, the contract's client pays all."""

    @model_validator(mode="after")
    def _shares_add_up(self) -> ContractLine:
        total = sum(one.share for one in self.customers)
        if self.customers and abs(total - 1.0) > SHARE_TOLERANCE:
            raise ValueError(f"customers share {total:.4f} of line {self.id!r}; shares add up to 1")
        _refuse_repeats("customers", [one.client_id for one in self.customers])
        return self


class Contract(Record):
    """The machine-readable terms of one contract, as known at `recorded_at`."""

    id: Identifier
    client_id: Identifier
    name: Name
    type: ContractType
    currency: Currency
    signed_on: LocalDate
    recorded_at: UtcTime
    lines: Annotated[tuple[ContractLine, ...], Field(min_length=1)]
    clauses: tuple[Clause, ...] = ()
    rate_card: tuple[RateCardRow, ...] = ()
    change_orders: tuple[ChangeOrder, ...] = ()
    notices: tuple[Notice, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        lines = [line.id for line in self.lines]
        _refuse_repeats("lines", lines)
        clauses = (*self.clauses, *(one for order in self.change_orders for one in order.clauses))
        _refuse_repeats("clauses", [clause.id for clause in clauses])
        known = set(lines)
        named = [
            *(clause.line_id for clause in clauses),
            *(row.line_id for row in self.rate_card),
            *(order.line_id for order in self.change_orders),
            *(notice.line_id for notice in self.notices),
        ]
        for line_id in named:
            if line_id is not None and line_id not in known:
                raise ValueError(f"line_id {line_id!r} is not a line of this contract")
        return self


def _refuse_repeats(field: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"{field} has the id {name!r} twice; ids are unique")
        seen.add(name)
