"""A bill as the invoice that Odoo is asked to create."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.connectors.bill_content import TOKEN_PREFIX, content_mark
from service.connectors.odoo_books import OdooBooks
from service.connectors.odoo_rpc import Values
from service.connectors.rest_bill import exact_amounts
from service.connectors.rest_template import number_of
from service.domain.bill import Bill, BillingLine

_OURS = re.compile(r"odoo-([0-9]{1,15})")
"""The id of a row of time as the mapping of Odoo's rows gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceValues:
    """Writes invoices with the partners, product and taxes of the books."""

    books: OdooBooks

    def of(self, bill: Bill, *, rows: Mapping[int, Values]) -> dict[str, object]:
        """Give the values of a draft; `rows` are the rows of time that it bills, by id."""
        return {
            "move_type": "out_invoice",
            "partner_id": self.books.partner_id(bill.client_id),
            "currency_id": self.books.currency_id(bill.currency),
            "ref": f"{TOKEN_PREFIX}{bill.token}",
            "invoice_date": bill.period_end.isoformat(),
            "invoice_origin": f"{bill.item_id}, {content_mark(bill)}",
            "invoice_line_ids": [
                [0, 0, self._line_values(line, bill=bill, rows=rows)] for line in bill.lines
            ],
        }

    def _line_values(
        self, line: BillingLine, *, bill: Bill, rows: Mapping[int, Values]
    ) -> dict[str, object]:
        quantity, price = exact_amounts(line, currency=bill.currency)
        taxes = list(self.books.file.tax_ids)
        orders = {
            int(rows[one]["so_line"][0])
            for one in row_ids([line])
            if one in rows and rows[one]["so_line"]
        }
        # What an order counts as invoiced follows this link, not the one of the time.
        linked = {"sale_line_ids": [[4, one] for one in sorted(orders)]} if orders else {}
        return {
            "product_id": self.books.file.product_id,
            "name": line.description,
            "quantity": number_of(quantity),
            "price_unit": number_of(price),
            "tax_ids": [[6, 0, taxes]] if taxes else [[5]],
            **linked,
        }


def row_ids(lines: Sequence[BillingLine]) -> set[int]:
    """Give the ids in Odoo of the rows of time behind lines."""
    found = (_OURS.fullmatch(one) for line in lines for one in line.source_row_ids)
    return {int(one[1]) for one in found if one}
