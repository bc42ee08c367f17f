"""Odoo as a ledger: each bill becomes one draft invoice that carries our token and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from data.schemas.values import ISO_4217_DIGITS
from service.connectors.at_most_once import at_most_once
from service.connectors.bill_content import TOKEN_PREFIX, content_mark, refuse_other_content
from service.connectors.odoo_books import OdooBooks
from service.connectors.odoo_invoice import InvoiceValues, row_ids
from service.connectors.odoo_rpc import OdooRpc, Values
from service.connectors.posting_lock import PostingLock
from service.domain.bill import Bill
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import (
    OutsideConflictError,
    OutsideMissingError,
    OutsideRefusedError,
    OutsideTransientError,
)

MOVE, LINE = "account.move", "account.analytic.line"
MOVE_FIELDS = (
    "ref", "state", "payment_state", "amount_untaxed", "currency_id", "invoice_origin",
    "invoice_payments_widget",
)  # fmt: skip
MAX_ROWS_UNDER_ONE_TOKEN = 10
PAID = frozenset({"paid", "in_payment"})
COUNTING = frozenset({"posted", "paid"})


class OdooLedger:
    """Writes bills as draft invoices, and links the time they bill, so that Odoo locks it.

    Odoo takes the same reference twice, so the look-up before a create and the lock round both make
    it exactly once. Only the rows of the bill are linked: what nobody approved stays unbilled.
    """

    name = "odoo"

    def __init__(self, rpc: OdooRpc, *, books: OdooBooks, lock: PostingLock) -> None:
        """Write over `rpc` into `books`, one bill at a time."""
        self._rpc, self._books, self._lock = rpc, books, lock
        self._values = InvoiceValues(books=books)

    def find_by_token(self, token: str) -> Receipt | None:
        """Give the invoice that carries this token, or None; two of them are refused."""
        found = self._carrying(token)
        return None if found is None else self._receipt(found)

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill as a draft; a repeat gives the first receipt, other content is refused."""
        _refuse_credit(bill)
        with self._lock.held("odoo"):
            earlier = at_most_once(
                lambda: self._earlier(bill),
                lambda: self._create(bill),
                doubtful=(OutsideTransientError,),
            )
            if earlier is not None:
                return earlier
            # The look-up and not the answer says what was written, and finds a twin.
            written = self._earlier(bill)
        if written is None:
            raise OutsideTransientError(
                f"Odoo took the bill {bill.token}, and does not show it yet"
            )
        if written.total_minor != bill.total_minor:
            raise OutsideRefusedError(
                f"Odoo wrote invoice {written.document_id} over {written.total_minor} minor units "
                f"of {bill.currency} where the bill says {bill.total_minor}; correct or cancel it "
                "in Odoo"
            )
        return written

    def post(self, document_id: str) -> Receipt:
        """Let a draft of ours count in the books; the state is read before every try."""
        with self._lock.held("odoo"):
            # Posted twice it says that it must be a draft: the first time did it.
            posted = at_most_once(
                lambda: self._counting(document_id),
                lambda: self._rpc.press(MOVE, [int(document_id)], "action_post"),
                doubtful=(OutsideTransientError, OutsideRefusedError),
            )
            return posted or self._postable(document_id)

    def read_state(self, document_id: str) -> str:
        """Give the state of an invoice; an unknown one is refused."""
        return _state(self._move(document_id))

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        """Give what was paid on an invoice, by day."""
        move = self._move(document_id)
        content = (move["invoice_payments_widget"] or {}).get("content") or ()
        digits = self._digits(move)
        paid = [
            Payment(
                paid_on=date.fromisoformat(one["date"]),
                amount_minor=_minor(one["amount"], digits=digits),
            )
            for one in content
        ]
        return tuple(sorted(paid, key=lambda one: one.paid_on))

    def _carrying(self, token: str) -> Values | None:
        ref = f"{TOKEN_PREFIX}{token}"
        rows = self._rpc.search(
            MOVE,
            domain=[["ref", "=", ref], ["move_type", "=", "out_invoice"]],
            fields=MOVE_FIELDS,
            limit=MAX_ROWS_UNDER_ONE_TOKEN,
        )
        if any(row["ref"] != ref for row in rows):
            raise OutsideRefusedError(
                f"Odoo was asked for invoices with the reference {ref} and gave others; nothing is "
                "written while its answers cannot be trusted"
            )
        # A person who was asked to keep one of several cancels the others.
        found = [row for row in rows if row["state"] != "cancel"] or rows
        if len(found) > 1:
            ids = ", ".join(str(row["id"]) for row in found)
            raise OutsideRefusedError(
                f"Odoo holds {len(found)} invoices with the reference {ref} (ids {ids}); keep one "
                "and cancel the others"
            )
        return found[0] if found else None

    def _earlier(self, bill: Bill) -> Receipt | None:
        """Give the invoice of this bill, its time linked: a try that broke off may not have."""
        found = self._carrying(bill.token)
        if found is None:
            return None
        if not str(found["invoice_origin"] or "").endswith(content_mark(bill)):
            raise refuse_other_content(bill, ledger="Odoo", document_id=str(found["id"]))
        if found["state"] == "draft":
            self._link(bill, move_id=int(found["id"]))
        return self._receipt(found)

    def _link(self, bill: Bill, *, move_id: int) -> None:
        rows = self._rows(bill)
        unlinked = [int(row["id"]) for row in rows.values() if not row["timesheet_invoice_id"]]
        if unlinked:
            self._rpc.change(LINE, unlinked, {"timesheet_invoice_id": move_id})

    def _counting(self, document_id: str) -> Receipt | None:
        receipt = self._postable(document_id)
        return receipt if receipt.state in COUNTING else None

    def _create(self, bill: Bill) -> None:
        lines = self._unbilled_lines(bill)
        try:
            self._rpc.create(MOVE, self._values.of(bill, rows=lines))
        except OutsideRefusedError:
            self._books.forget()
            raise

    def _unbilled_lines(self, bill: Bill) -> Mapping[int, Values]:
        """Give the rows of time behind a bill. Raises OutsideConflictError for one billed there."""
        rows = self._rows(bill)
        billed = [str(one) for one, row in rows.items() if row["timesheet_invoice_id"]]
        missing = sorted(set(row_ids(bill.lines)) - rows.keys())
        if billed or missing:
            what = (
                f"row {billed[0]} is on an invoice there already"
                if billed
                else f"row {missing[0]} is no longer there"
            )
            raise OutsideConflictError(
                f"Odoo: {what}; nothing was written. Sync once more, and decide the item anew"
            )
        return rows

    def _rows(self, bill: Bill) -> dict[int, Values]:
        ids = sorted(row_ids(bill.lines))
        if not ids:
            return {}
        found = self._rpc.search(
            LINE,
            domain=[["id", "in", ids]],
            fields=("timesheet_invoice_id", "so_line"),
            limit=len(ids),
        )
        return {int(row["id"]): row for row in found}

    def _move(self, document_id: str) -> Values:
        if not document_id.isdigit():
            raise OutsideRefusedError(f"{document_id!r} is no Odoo invoice id; ids are numbers")
        found = self._rpc.search(
            MOVE, domain=[["id", "=", int(document_id)]], fields=MOVE_FIELDS, limit=1
        )
        if not found:
            raise OutsideMissingError(f"Odoo has no invoice {document_id}; it was deleted there")
        return found[0]

    def _postable(self, document_id: str) -> Receipt:
        move = self._move(document_id)
        if not str(move["ref"] or "").startswith(TOKEN_PREFIX):
            raise OutsideRefusedError(
                f"the Odoo invoice {document_id} carries no token of ours; post it in Odoo"
            )
        if move["state"] == "cancel":
            raise OutsideConflictError(
                f"the Odoo invoice {document_id} was cancelled meanwhile; look why, and post the "
                "bill anew if it still stands"
            )
        return self._receipt(move)

    def _receipt(self, move: Values) -> Receipt:
        return Receipt(
            token=str(move["ref"]).removeprefix(TOKEN_PREFIX),
            document_id=str(move["id"]),
            state=_state(move),
            total_minor=_minor(move["amount_untaxed"], digits=self._digits(move)),
        )

    def _digits(self, move: Values) -> int:
        code = str(move["currency_id"][1])
        if code not in ISO_4217_DIGITS:
            raise OutsideRefusedError(f"Odoo names the currency {code!r}, which is none we bill in")
        return ISO_4217_DIGITS[code]


def _minor(amount: int | Decimal, *, digits: int) -> int:
    return round(Decimal(amount).scaleb(digits))


def _state(move: Values) -> str:
    if move["state"] == "posted" and move["payment_state"] in PAID:
        return "paid"
    return "cancelled" if move["state"] == "cancel" else str(move["state"])


def _refuse_credit(bill: Bill) -> None:
    """Odoo credits an invoice by a reversal of it, which a person starts there."""
    if bill.total_minor < 0:
        raise OutsideRefusedError(
            f"Odoo takes no invoice below zero. Credit {-bill.total_minor} minor units of "
            f"{bill.currency} on the invoice {TOKEN_PREFIX}{bill.corrects or ''} there by hand, "
            "then discard this posting with the number of the credit note"
        )
