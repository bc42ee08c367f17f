"""Which rows stand on which bill or invoice, learned from the facts as they come."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from data.schemas.billing import Invoice
from data.schemas.vocabulary import InvoiceStatus
from service.domain.bill import Bill
from service.ports.stores import Fact, FactKind, UnitOfWork
from service.usecases.billing.make_bill import bill_from_json

UNBILLED = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.CREDITED})
LineName = tuple[str, str]
"""Contract and line."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A row on a document: an invoice of the ledger, or a posting of ours by its token."""

    document: str
    is_invoice: bool
    seq: int
    amount_minor: int
    line: LineName | None
    is_correction: bool = False
    """A difference to an earlier bill of the row: it counts on top of that."""


@dataclass(slots=True)
class BilledRows:
    """Rows by the bills and invoices they stand on; threads may share it.

    An invoice of the ledger takes the place of all that was known of its rows before: it is our
    own bill come back, or the reason why ours must not leave. A credited one frees them.
    """

    _through: int = 0
    _standing: dict[str, list[Standing]] = field(default_factory=dict)
    _rows_of: dict[str, set[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(self, uow: UnitOfWork) -> None:
        """Learn every fact stored since the last call."""
        with self._lock:
            for fact in uow.facts.since(self._through):
                self._learn(fact, uow)
                self._through = fact.seq

    def standing(self, row: str) -> tuple[Standing, ...]:
        """Give the documents a row stands on, in the order they became known."""
        with self._lock:
            return tuple(self._standing.get(row, ()))

    def billed_before_minor(self, bill: Bill, *, lines: Collection[LineName]) -> int:
        """Give what was billed on these lines before a bill.

        The rows of the bill itself count only where it corrects what was billed of them before.
        """
        if not lines:
            return 0
        with self._lock:
            counted = {row: _counted(standing) for row, standing in self._standing.items()}
        own = {row for line in bill.lines for row in line.source_row_ids}
        until = min(
            (one.seq for found in counted.values() for one in found if one.document == bill.token),
            default=None,
        )
        return sum(
            one.amount_minor
            for row, found in counted.items()
            for one in found
            if one.line in lines
            and (until is None or one.seq < until)
            and (row not in own or bill.corrects is not None)
        )

    def _learn(self, fact: Fact, uow: UnitOfWork) -> None:
        match fact.kind:
            case FactKind.INVOICE:
                body = uow.references.get_version(fact.subject_id)
                if body is not None:
                    self._learn_invoice(Invoice.model_validate_json(body), seq=fact.seq)
            case FactKind.BILL:
                posting = uow.postings.get(fact.subject_id)
                if posting is not None:
                    self._learn_bill(bill_from_json(posting.bill_json), seq=fact.seq)
            case FactKind.BILL_WITHDRAWN:
                self._forget(fact.subject_id)
            case _:
                pass

    def _learn_invoice(self, invoice: Invoice, *, seq: int) -> None:
        self._forget(invoice.id)
        if invoice.status in UNBILLED:
            return
        for line in invoice.lines:
            known = self._standing.pop(line.row_id, [])
            named = (invoice.contract_id, line.line_id) if line.line_id else None
            self._add(
                line.row_id,
                Standing(
                    document=invoice.id,
                    is_invoice=True,
                    seq=known[0].seq if known else seq,
                    amount_minor=line.amount_minor,
                    line=named or (known[0].line if known else None),
                ),
            )

    def _learn_bill(self, bill: Bill, *, seq: int) -> None:
        named = (bill.contract_id, bill.contract_line_id) if bill.contract_line_id else None
        for line in bill.lines:
            for place, row in enumerate(line.source_row_ids):
                amount_minor = line.amount_minor if place == 0 else 0
                self._add(
                    row,
                    Standing(
                        document=bill.token,
                        is_invoice=False,
                        seq=seq,
                        amount_minor=amount_minor,
                        line=named,
                        is_correction=bill.corrects is not None,
                    ),
                )

    def _add(self, row: str, standing: Standing) -> None:
        self._standing.setdefault(row, []).append(standing)
        self._rows_of.setdefault(standing.document, set()).add(row)

    def _forget(self, document: str) -> None:
        for row in self._rows_of.pop(document, set()):
            kept = [one for one in self._standing.get(row, []) if one.document != document]
            if kept:
                self._standing[row] = kept
            else:
                self._standing.pop(row, None)


def _counted(standing: list[Standing]) -> tuple[Standing, ...]:
    """What a row was billed for: its first document, and the corrections of it."""
    return standing[0], *(one for one in standing[1:] if one.is_correction)
