"""Tryton as a ledger: each bill becomes one draft invoice that carries our token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.connectors.at_most_once import at_most_once
from service.connectors.bill_content import TOKEN_PREFIX, content_mark, refuse_other_content
from service.connectors.posting_lock import PostingLock
from service.connectors.tryton_books import Books
from service.connectors.tryton_invoice import InvoiceValues
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_wire import Values
from service.domain.bill import Bill
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import (
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)

INVOICE_FIELDS = ("state", "reference", "untaxed_amount", "currency.digits")
PAGE_ROWS = 200
MAX_ROWS_UNDER_ONE_TOKEN = 10
COUNTING = frozenset({"posted", "paid"})


class TrytonLedger:
    """Writes bills as draft customer invoices that carry our token in their reference.

    Tryton knows no unique reference, so the look-up before a create and the lock around both make
    it exactly once. Posting is serialised too: on PostgreSQL most of the posts made side by side
    fail for the lock on the number range.
    """

    name = "tryton"

    def __init__(self, rest: TrytonRest, *, books: Books, lock: PostingLock) -> None:
        """Write over `rest` into `books`, one bill at a time per company and journal."""
        self._rest = rest
        self._books = books
        self._values = InvoiceValues(books=books)
        self._lock = lock

    def find_by_token(self, token: str) -> Receipt | None:
        """Give the invoice that carries this token, or None; two of them are refused."""
        carrying = self._carrying(token)
        # A person who was asked to keep one of several cancels the others.
        found = [one for one in carrying if one["state"] != "cancelled"] or carrying
        if len(found) > 1:
            raise OutsideRefusedError(
                f"Tryton holds {len(found)} invoices with the reference {TOKEN_PREFIX}{token} (ids "
                f"{', '.join(str(one['id']) for one in found)}); keep one and cancel the others"
            )
        return _receipt(found[0], token=token) if found else None

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill as a draft; a repeat gives the first receipt, other content is refused."""
        _refuse_credit(bill)
        with self._alone():
            return at_most_once(
                lambda: self._earlier(bill),
                lambda: self._create(bill),
                doubtful=(OutsideTransientError,),
            )

    def post(self, document_id: str) -> Receipt:
        """Let one of our drafts count in the books, with a number; a repeat gives the same.

        The state is read before every try, also after an answer was lost.
        """
        with self._alone():
            posted = at_most_once(
                lambda: self._counting(document_id),
                lambda: self._rest.press("account.invoice", int(document_id), "post"),
                doubtful=(OutsideTransientError,),
            )
            return posted or self._postable(document_id)

    def read_state(self, document_id: str) -> str:
        """Give the state of an invoice; an unknown one is refused."""
        return str(self._invoice(document_id, fields=["state"])["state"])

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        """Give what was paid on an invoice, by day.

        Read from its payment lines: `reconciled` is the day somebody matched them, not the day the
        money came. A payment line stands on the receivable account, where money in lowers the
        balance.
        """
        invoice = self._invoice(
            document_id,
            fields=["payment_lines.date", "payment_lines.amount", "currency.digits"],
        )
        digits = invoice["currency"]["digits"]
        paid = [
            Payment(paid_on=line["date"], amount_minor=-int(line["amount"].scaleb(digits)))
            for line in invoice["payment_lines"] or ()
        ]
        return tuple(sorted(paid, key=lambda one: one.paid_on))

    def documents(self) -> tuple[Receipt, ...]:
        """Give every invoice that carries one of our tokens, for control totals."""
        last_id, receipts = 0, []
        while rows := self._rest.search(
            "account.invoice",
            fields=INVOICE_FIELDS,
            domain=[["reference", "like", f"{TOKEN_PREFIX}%"], ["id", ">", last_id]],
            limit=PAGE_ROWS,
        ):
            last_id = rows[-1]["id"]
            receipts += [
                _receipt(row, token=row["reference"].removeprefix(TOKEN_PREFIX)) for row in rows
            ]
        return tuple(receipts)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        company, journal = self._books.company_id(), self._books.journal_id()
        with self._lock.held(f"tryton-{company}-{journal}"):
            yield

    def _invoice(self, document_id: str, *, fields: list[str]) -> Values:
        if not document_id.isdigit():
            raise OutsideRefusedError(f"{document_id!r} is no Tryton invoice id; ids are numbers")
        return self._rest.read("account.invoice", int(document_id), fields=fields)

    def _postable(self, document_id: str) -> Receipt:
        invoice = self._invoice(document_id, fields=list(INVOICE_FIELDS))
        reference = invoice["reference"] or ""
        if not reference.startswith(TOKEN_PREFIX):
            raise OutsideRefusedError(
                f"the Tryton invoice {document_id} carries no token of ours; post it in Tryton"
            )
        if invoice["state"] == "cancelled":
            raise OutsideConflictError(
                f"the Tryton invoice {document_id} was cancelled meanwhile; look why, and post the "
                "bill anew if it still stands"
            )
        return _receipt(invoice, token=reference.removeprefix(TOKEN_PREFIX))

    def _carrying(self, token: str) -> list[Values]:
        return self._rest.search(
            "account.invoice",
            fields=INVOICE_FIELDS,
            domain=[
                ["type", "=", "out"],
                ["reference", "=", f"{TOKEN_PREFIX}{token}"],
                ["company", "=", self._books.company_id()],
            ],
            limit=MAX_ROWS_UNDER_ONE_TOKEN,
        )

    def _earlier(self, bill: Bill) -> Receipt | None:
        receipt = self.find_by_token(bill.token)
        if receipt is None:
            return None
        invoice = self._rest.read(
            "account.invoice", int(receipt.document_id), fields=["description"]
        )
        if not (invoice["description"] or "").endswith(content_mark(bill)):
            raise refuse_other_content(bill, ledger="Tryton", document_id=receipt.document_id)
        return receipt

    def _counting(self, document_id: str) -> Receipt | None:
        receipt = self._postable(document_id)
        return receipt if receipt.state in COUNTING else None

    def _create(self, bill: Bill) -> Receipt:
        try:
            return self._created(bill)
        except OutsideRefusedError:
            self._books.forget()
            raise

    def _created(self, bill: Bill) -> Receipt:
        invoice = self._rest.create(
            "account.invoice",
            self._values.of(bill),
            fields=INVOICE_FIELDS,
            context={"company": self._books.company_id()},
        )
        self._drop_late_twins(bill.token, kept_id=invoice["id"])
        receipt = _receipt(invoice, token=bill.token)
        if receipt.total_minor != bill.total_minor:
            raise OutsideRefusedError(
                f"Tryton wrote invoice {receipt.document_id} over {receipt.total_minor} minor "
                f"units of {bill.currency} where the bill says {bill.total_minor}; "
                "correct or cancel it in Tryton"
            )
        return receipt

    def _drop_late_twins(self, token: str, *, kept_id: int) -> None:
        """Delete other drafts of the token.

        A request whose answer was lost may be kept by the server after our next look-up. Nobody was
        told of such a draft (we hold the lock, and the look-up before this create found none).
        """
        for twin in self._carrying(token):
            if twin["id"] != kept_id and twin["state"] == "draft":
                self._rest.delete("account.invoice", twin["id"])


def _refuse_credit(bill: Bill) -> None:
    """Tryton credits an invoice by a person's word on that invoice, never by one below zero."""
    if bill.total_minor < 0:
        raise OutsideRefusedError(
            f"Tryton takes no invoice below zero. Credit {-bill.total_minor} minor units of "
            f"{bill.currency} on the invoice {TOKEN_PREFIX}{bill.corrects or ''} there by hand, "
            "then discard this posting with the number of the credit note"
        )


def _receipt(invoice: Values, *, token: str) -> Receipt:
    total = invoice["untaxed_amount"].scaleb(invoice["currency"]["digits"])
    return Receipt(
        token=token,
        document_id=str(invoice["id"]),
        state=invoice["state"],
        total_minor=int(total),
    )
