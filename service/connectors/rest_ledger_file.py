"""How a connection takes bills: requests with blanks, and how its answers are read."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from data.schemas.values import Currency, Identifier, Name, Record
from service.connectors.rest_auth import HeaderName
from service.connectors.rest_paths import DottedPath, NamedPath
from service.connectors.rest_template import (
    FOR_EACH_LINE,
    RelativePath,
    Template,
    UnknownBlankError,
    blanks_of,
    refuse_unknown_blanks,
)

OF_BILL = (
    "token", "content", "client", "client_id", "contract_id", "contract_line_id", "item_id",
    "currency", "period_start", "period_end", "total", "total_minor", "total_number", "corrects",
)  # fmt: skip
"""Blanks of a bill. `content` is the hash of everything it says."""
OF_LINE = (
    "line.description", "line.amount", "line.amount_minor", "line.amount_number", "line.quantity",
    "line.quantity_number", "line.unit_price", "line.unit_price_number", "line.minutes",
    "line.service_date", "line.rows",
)  # fmt: skip
"""Blanks of a line. Quantity times unit price is the amount: hours at a rate where that is exact
to the minor unit, else one piece at the amount. `_number` is a JSON number, else it is text."""
OF_TOKEN = ("token",)
OF_DOCUMENT = ("document_id",)


class DocumentState(StrEnum):
    """What a ledger's own word for a state means here."""

    DRAFT = "draft"
    VALIDATED = "validated"
    POSTED = "posted"
    PAID = "paid"
    CANCELLED = "cancelled"


class MoneyUnit(StrEnum):
    """What a number of money counts."""

    MAJOR = "major"
    """180.00"""
    MINOR = "minor"
    """18000"""


class Call(Record):
    """One request."""

    method: Literal["GET", "POST", "PUT", "PATCH"] = "GET"
    path: RelativePath
    query: dict[Name, Template] = Field(default_factory=dict)
    headers: dict[HeaderName, Template] = Field(default_factory=dict)
    body: dict[Name, Any] | None = None

    @property
    def templates(self) -> tuple[object, ...]:
        """Everything that may hold blanks."""
        return self.path, self.query, self.headers, self.body or {}


class ListCall(Call):
    """A request whose answer holds a list."""

    rows: DottedPath = ""


class PaymentsCall(ListCall):
    """A request for what was paid on a document."""

    paid_on: NamedPath
    amount: NamedPath


class DocumentShape(Record):
    """Where an answer says what of a document."""

    at: DottedPath = ""
    """Where the document stands in the answer of `create` and `read`."""
    id: NamedPath = "id"
    token: NamedPath
    """Must be compared: a look-up that does not really filter gives the bills of others."""
    content: NamedPath
    """A text that ends with `{content}`: by it a repeat is told from another bill."""
    state: NamedPath
    total: NamedPath
    """Without tax."""
    currency: NamedPath | None = None


class LedgerSection(Record):
    """Everything needed to write bills into another system exactly once."""

    document: DocumentShape
    unit: MoneyUnit = MoneyUnit.MAJOR
    """Of totals and payments."""
    currency: Currency | None = None
    """Of every document, where none says its own."""
    states: Annotated[dict[Name, DocumentState], Field(min_length=1)]
    """Its words for states, and what they mean here."""
    clients: dict[Identifier, Name] = Field(default_factory=dict)
    """Our client ids, and what that client is called there; without any they are the same."""
    find: ListCall
    create: Call
    read: Call
    post: Call | None = None
    """Makes a draft count in the books; without it a person does that there."""
    payments: PaymentsCall | None = None
    takes_credits: bool = False
    """Whether it takes a bill below zero; otherwise a person credits it there."""

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> LedgerSection:
        if self.unit is MoneyUnit.MAJOR and not (self.currency or self.document.currency):
            raise ValueError(
                "reads money in major units without a currency; write `document.currency`, where a "
                "document says it, or `currency: EUR` for all of them"
            )
        return self

    @model_validator(mode="after")
    def _blanks_are_known(self) -> LedgerSection:
        known = {
            "find": OF_TOKEN,
            "create": (*OF_BILL, *OF_LINE),
            "read": OF_DOCUMENT,
            "post": OF_DOCUMENT,
            "payments": OF_DOCUMENT,
        }
        for name, blanks in known.items():
            call: Call | None = getattr(self, name)
            try:
                refuse_unknown_blanks(call.templates if call else (), known=blanks)
            except UnknownBlankError as error:
                raise ValueError(f"in {name}: {error}") from error
        _refuse_line_blanks_outside(self.create.body)
        needed = {"find": ("token",), "create": ("token", "content"), "read": ("document_id",)}
        for name, blanks in needed.items():
            call = getattr(self, name)
            for blank in blanks:
                if blank not in set(blanks_of(call.templates)):
                    raise ValueError(f"in {name}: {_NEEDED[blank]}")
        return self


_NEEDED = {
    "token": "nowhere has the blank {token}; without it a bill is not found again",
    "content": "nowhere has the blank {content}; put it at the end of a text field, as remarks",
    "document_id": "nowhere has the blank {document_id}; without it any document is read",
}


def _refuse_line_blanks_outside(body: object) -> None:
    """Raise ValueError for a blank of a line that stands beside the lines."""
    match body:
        case dict() if FOR_EACH_LINE in body:
            if len(body) > 1:
                raise ValueError(f"in create: {FOR_EACH_LINE} stands alone; put the rest inside it")
        case dict():
            for one in body.values():
                _refuse_line_blanks_outside(one)
        case list():
            for one in body:
                _refuse_line_blanks_outside(one)
        case str():
            for name in blanks_of(body):
                if name in OF_LINE:
                    raise ValueError(
                        f"in create: {{{name}}} belongs to a line; put it inside {FOR_EACH_LINE}"
                    )
        case _:
            return
