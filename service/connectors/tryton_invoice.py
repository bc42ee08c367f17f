"""A bill as a Tryton invoice: the values it is created with, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from data.schemas.values import ISO_4217_DIGITS
from service.connectors.bill_content import TOKEN_PREFIX, content_mark
from service.connectors.tryton_books import Books
from service.domain.bill import Bill, BillingLine

MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceValues:
    """Gives what an invoice is created with, in the books of one company."""

    books: Books

    def of(self, bill: Bill) -> dict[str, object]:
        """Give the values of the whole invoice. Raises OutsideRefusedError for unknown names."""
        books = self.books
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
            f"{bill.period_end}, {content_mark(bill)}",
            "lines": [["create", [self._line(line, bill=bill) for line in bill.lines]]],
        }

    def _line(self, line: BillingLine, *, bill: Bill) -> dict[str, object]:
        digits = ISO_4217_DIGITS[bill.currency]
        hours = exact_hours(line, quantity_digits=self.books.unit(is_time=True).digits)
        unit = self.books.unit(is_time=hours is not None)
        price_minor = line.amount_minor if hours is None else line.hourly_rate_minor or 0
        values: dict[str, object] = {
            "type": "line",
            "company": self.books.company_id(),
            "currency": self.books.currency_id(bill.currency),
            "description": line.description,
            "account": self.books.revenue_account_id(),
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
