"""A bill as the values that the blanks of a connection file are filled with."""

from __future__ import annotations

from decimal import Decimal

from data.schemas.values import ISO_4217_DIGITS
from service.connectors.bill_content import content_mark
from service.connectors.rest_template import Values
from service.connectors.tryton_invoice import exact_hours
from service.domain.bill import Bill, BillingLine

QUANTITY_DIGITS = 2
"""Digits of hours that every system so far keeps; what they cannot say is billed as one piece."""


def bill_values(bill: Bill, *, client: str) -> Values:
    """Give the blanks of a whole bill; `client` is its name in the other system."""
    total = _major(bill.total_minor, currency=bill.currency)
    return {
        "token": bill.token,
        "content": content_mark(bill),
        "client": client,
        "client_id": bill.client_id,
        "contract_id": bill.contract_id,
        "contract_line_id": bill.contract_line_id or "",
        "item_id": bill.item_id,
        "currency": bill.currency,
        "period_start": (bill.period_start or bill.period_end).isoformat(),
        "period_end": bill.period_end.isoformat(),
        "total": str(total),
        "total_minor": bill.total_minor,
        "total_number": total,
        "corrects": bill.corrects or "",
    }


def line_values(line: BillingLine, *, bill: Bill) -> Values:
    """Give the blanks of one line: quantity times unit price is its amount, exactly."""
    quantity, price = exact_amounts(line, currency=bill.currency)
    amount = _major(line.amount_minor, currency=bill.currency)
    return {
        "line.description": line.description,
        "line.amount": str(amount),
        "line.amount_minor": line.amount_minor,
        "line.amount_number": amount,
        "line.quantity": str(quantity),
        "line.quantity_number": quantity,
        "line.unit_price": str(price),
        "line.unit_price_number": price,
        "line.minutes": line.quantity_minutes or 0,
        "line.service_date": (line.service_date or bill.period_end).isoformat(),
        "line.rows": ", ".join(line.source_row_ids),
    }


def exact_amounts(line: BillingLine, *, currency: str) -> tuple[Decimal, Decimal]:
    """Give quantity and unit price whose product is the line's amount: hours, or one piece."""
    hours = exact_hours(line, quantity_digits=QUANTITY_DIGITS)
    quantity = Decimal(1) if hours is None else hours
    price_minor = line.amount_minor if hours is None else line.hourly_rate_minor or 0
    return quantity, _major(price_minor, currency=currency)


def _major(amount_minor: int, *, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-ISO_4217_DIGITS[currency])
