"""Tryton as a ledger: each bill becomes one draft invoice that carries our token."""

from __future__ import annotations

from decimal import Decimal

from data.schemas.values import ISO_4217_DIGITS
from service.connectors.bill_content import content_sha256, refuse_other_content
from service.connectors.posting_lock import PostingLock
from service.connectors.tryton_books import Books
from service.connectors.tryton_rest import TrytonRest
from service.connectors.tryton_wire import Values
from service.domain.bill import Bill, BillingLine
from service.ports.ledger import (
    LedgerRefusedError,
    LedgerTransientError,
    Receipt,
)

TOKEN_PREFIX = "CS-"  # noqa: S105 - marks our invoices in their reference, no secret
INVOICE_FIELDS = ("state", "reference", "untaxed_amount", "currency.digits")
PAGE_ROWS = 200
MAX_ROWS_UNDER_ONE_TOKEN = 10
MINUTES_PER_HOUR = 60


class TrytonLedger:
    """Writes bills as draft customer invoices that carry our token in their reference.

    Tryton knows no unique reference, so the look-up before a create and the lock around both make
    it exactly once. A person validates and posts in Tryton.
    """

    name = "tryton"

    def __init__(self, rest: TrytonRest, *, books: Books, lock: PostingLock) -> None:
        """Write over `rest` into `books`, one bill at a time per company and journal."""
        self._rest = rest
        self._books = books
        self._lock = lock

    def find_by_token(self, token: str) -> Receipt | None:
        """Give the invoice that carries this token, or None; two of them are refused."""
        carrying = self._carrying(token)
        # A person who was asked to keep one of several cancels the others.
        found = [one for one in carrying if one["state"] != "cancelled"] or carrying
        if len(found) > 1:
            raise LedgerRefusedError(
                f"Tryton holds {len(found)} invoices with the reference {TOKEN_PREFIX}{token} (ids "
                f"{', '.join(str(one['id']) for one in found)}); keep one and cancel the others"
            )
        return _receipt(found[0], token=token) if found else None

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill as a draft; a repeat gives the first receipt, other content is refused."""
        company, journal = self._books.company_id(), self._books.journal_id()
        with self._lock.held(f"tryton-{company}-{journal}"):
            if earlier := self._earlier(bill):
                return earlier
            try:
                return self._created(bill)
            except LedgerTransientError:
                # The answer is lost, the invoice perhaps not.
                if earlier := self._earlier(bill):
                    return earlier
                raise
            except LedgerRefusedError:
                self._books.forget()
                raise

    def read_state(self, document_id: str) -> str:
        """Give the state of an invoice; an unknown one is refused."""
        if not document_id.isdigit():
            raise LedgerRefusedError(f"{document_id!r} is no Tryton invoice id; ids are numbers")
        found = self._rest.read("account.invoice", int(document_id), fields=["state"])
        return str(found["state"])

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
        if not (invoice["description"] or "").endswith(_content_mark(bill)):
            raise refuse_other_content(bill, ledger="Tryton", document_id=receipt.document_id)
        return receipt

    def _created(self, bill: Bill) -> Receipt:
        invoice = self._rest.create(
            "account.invoice",
            self._invoice_values(bill),
            fields=INVOICE_FIELDS,
            context={"company": self._books.company_id()},
        )
        self._drop_late_twins(bill.token, kept_id=invoice["id"])
        receipt = _receipt(invoice, token=bill.token)
        if receipt.total_minor != bill.total_minor:
            raise LedgerRefusedError(
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

    def _invoice_values(self, bill: Bill) -> dict[str, object]:
        books = self._books
        party = books.party(bill.client_id)
        return {
            "type": "out",
            "company": books.company_id(),
            "party": party.id,
            "invoice_address": party.address_id,
            "currency": books.currency_id(bill.currency),
            "journal": books.journal_id(),
            "account": party.receivable_id,
            "payment_term": party.payment_term_id,
            "reference": f"{TOKEN_PREFIX}{bill.token}",
            "description": f"{bill.item_id}, contract {bill.contract_id}, work to "
            f"{bill.period_end}, {_content_mark(bill)}",
            "lines": [["create", [self._line_values(line, bill=bill) for line in bill.lines]]],
        }

    def _line_values(self, line: BillingLine, *, bill: Bill) -> dict[str, object]:
        digits = ISO_4217_DIGITS[bill.currency]
        hours = exact_hours(line, quantity_digits=self._books.unit(is_time=True).digits)
        unit = self._books.unit(is_time=hours is not None)
        price_minor = line.amount_minor if hours is None else line.hourly_rate_minor or 0
        values: dict[str, object] = {
            "type": "line",
            "company": self._books.company_id(),
            "currency": self._books.currency_id(bill.currency),
            "description": line.description,
            "account": self._books.revenue_account_id(),
            "unit": unit.id,
            # Tryton keeps a quantity as a float; this one is exact in the unit's own digits.
            "quantity": 1.0 if hours is None else float(hours),
            "unit_price": Decimal(price_minor).scaleb(-digits),
        }
        return values | ({"product": unit.product_id} if unit.product_id else {})


def exact_hours(line: BillingLine, *, quantity_digits: int) -> Decimal | None:
    """The hours of a line where they, times the rate, give its amount to the minor unit.

    None where they do not (20 minutes are no whole hundredth of an hour, or the line is a fixed
    amount): such a line is billed as one piece at its amount.
    """
    if line.quantity_minutes is None or line.hourly_rate_minor is None:
        return None
    hours = round(Decimal(line.quantity_minutes) / MINUTES_PER_HOUR, quantity_digits)
    is_exact = hours * MINUTES_PER_HOUR == line.quantity_minutes
    return hours if is_exact and hours * line.hourly_rate_minor == line.amount_minor else None


def _content_mark(bill: Bill) -> str:
    return f"content {content_sha256(bill)}"


def _receipt(invoice: Values, *, token: str) -> Receipt:
    total = invoice["untaxed_amount"].scaleb(invoice["currency"]["digits"])
    return Receipt(
        token=token,
        document_id=str(invoice["id"]),
        state=invoice["state"],
        total_minor=int(total),
    )
