"""Shapes of lists of contracts, and of the texts that their clauses were read out of."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.schemas.contracts import Clause
from data.schemas.values import Record
from data.schemas.vocabulary import ContractType
from service.wire.cases import MAX_PAGE


class ContractQuery(BaseModel):
    """Which contracts to list; read from the query string."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: Annotated[str | None, Field(max_length=200)] = None
    """Part of a contract's id or name, or of its client's name."""
    has_proposals: bool = False
    """Only contracts with clauses that wait for a person's word."""
    cursor: Annotated[str | None, Field(max_length=400)] = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50


class ContractSummary(Record):
    """A contract as a list shows it."""

    id: str
    name: str
    client_id: str
    client_name: str
    type: ContractType
    currency: str
    signed_on: date
    lines: int
    clauses: int
    change_orders: int
    open_proposals: int


class ContractPage(Record):
    """Contracts by id; `next_cursor` is None on the last page."""

    contracts: tuple[ContractSummary, ...]
    next_cursor: str | None


class DocumentView(Record):
    """The text of a contract as the places of its clauses count it."""

    contract_id: str
    sha256: str
    text: str


class HeldTerm(Record):
    """A clause in force, and the number of the change order that restated it."""

    clause: Clause
    order_number: str | None


class TermsView(Record):
    """What a contract says on one day."""

    contract_id: str
    on: date
    held: tuple[HeldTerm, ...]
    unconfirmed: tuple[Clause, ...]
    """Written down, and in force for nobody until somebody stands behind them."""
