"""Documents of a connected ledger, as its answers describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from data.schemas.values import ISO_4217_DIGITS
from service.connectors.rest_file import label_of
from service.connectors.rest_http import RestSystem
from service.connectors.rest_ledger_file import DocumentState, LedgerSection, MoneyUnit
from service.connectors.rest_paths import at, text_of
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import OutsideRefusedError

DAY_LENGTH = len("2026-03-02")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as an answer describes it."""

    id: str
    token: str
    content: str
    state: DocumentState
    total_minor: int
    currency: str

    @property
    def receipt(self) -> Receipt:
        """The document as the service knows it."""
        return Receipt(
            token=self.token,
            document_id=self.id,
            state=self.state.value,
            total_minor=self.total_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Reads documents by the requests of a ledger section."""

    system: RestSystem
    section: LedgerSection

    @property
    def whose(self) -> str:
        """The name of the system as errors say it."""
        return label_of(self.system.connection)

    def read(self, document_id: str) -> Document:
        """Give a document; an unknown one, or another than was asked for, is refused."""
        answer = self.system.read(self.section.read, values={"document_id": document_id})
        shape, said = self.section.document, at(answer, self.section.document.at)
        found_id = text_of(at(said, shape.id))
        if not isinstance(said, Mapping) or not found_id:
            raise OutsideRefusedError(
                f"{self.whose} has no document {document_id!r}, or nothing stands at "
                f"`ledger.document`: at {shape.at!r}, id {shape.id!r}"
            )
        if found_id != document_id:
            raise OutsideRefusedError(
                f"{self.whose}: asked for document {document_id}, it gave {found_id}; correct "
                "`ledger.read`"
            )
        currency = text_of(at(said, shape.currency)) if shape.currency else self.section.currency
        return Document(
            id=found_id,
            token=text_of(at(said, shape.token)),
            content=text_of(at(said, shape.content)),
            state=self._state(at(said, shape.state)),
            total_minor=self._minor(text_of(at(said, shape.total)), currency=currency or ""),
            currency=currency or "",
        )

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        """Give what was paid on a document, by day."""
        call = self.section.payments
        if call is None:
            raise OutsideRefusedError(
                f"{self.whose} has no `ledger.payments` in its file; add the request"
            )
        document = self.read(document_id)
        rows = at(self.system.read(call, values={"document_id": document_id}), call.rows)
        if not isinstance(rows, list):
            raise OutsideRefusedError(
                f"{self.whose}: there is no list at `ledger.payments.rows: {call.rows}`"
            )
        paid = [
            Payment(
                paid_on=self._day(at(row, call.paid_on)),
                amount_minor=self._minor(text_of(at(row, call.amount)), currency=document.currency),
            )
            for row in rows
        ]
        return tuple(sorted(paid, key=lambda one: one.paid_on))

    def _state(self, told: object) -> DocumentState:
        word, known = text_of(told), self.section.states
        if word not in known:
            raise OutsideRefusedError(
                f"{self.whose} says the state {word!r}, and `ledger.states` knows "
                f"{', '.join(known)}; add what it means: draft, validated, posted, paid, cancelled"
            )
        return known[word]

    def _minor(self, told: str, *, currency: str) -> int:
        digits = 0 if self.section.unit is MoneyUnit.MINOR else ISO_4217_DIGITS.get(currency)
        try:
            minor = Decimal(told).scaleb(digits) if digits is not None else Decimal("NaN")
        except InvalidOperation:
            minor = Decimal("NaN")
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise OutsideRefusedError(
                f"{self.whose} says {told!r} {currency} where money is expected, which is no "
                f"amount in {self.section.unit.value} units; correct `ledger.document`, or `unit`"
            )
        return int(minor)

    def _day(self, told: object) -> date:
        try:
            return date.fromisoformat(text_of(told)[:DAY_LENGTH])
        except ValueError as error:
            raise OutsideRefusedError(
                f"{self.whose} says {text_of(told)!r} as the day of a payment, which is no date; "
                "correct `ledger.payments.paid_on`"
            ) from error
