"""How clients pay: some on time, some weeks late, some in two parts, some not without a dispute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from data.firm.chance import Chance
from data.schemas.billing import Invoice, Payment
from data.schemas.vocabulary import InvoiceStatus

SLOW_CLIENT_SHARE = 0.3
TWO_PAYMENTS_PROBABILITY, DISPUTED_PROBABILITY = 0.08, 0.05
WEEK = timedelta(days=7)


def draw_late_days(chance: Chance) -> float:
    """How many days after the due date a client usually pays."""
    return chance.uniform(8.0, 30.0) if chance.happens(SLOW_CLIENT_SHARE) else 2.0


def pay_invoice(invoice: Invoice, *, late_days: float, end: date, chance: Chance) -> list[Payment]:
    """The payments of an invoice that were recorded up to the firm's last day."""
    if invoice.status is InvoiceStatus.CREDITED:
        return []
    days = round(chance.lognormal(median=late_days + 3.0, sigma=0.6)) - 3
    paid_on = max(invoice.due_on + timedelta(days=days), invoice.issued_at.date())
    total = invoice.total_minor
    parts = [total]
    if chance.happens(TWO_PAYMENTS_PROBABILITY):
        parts = [total * 3 // 5, total - total * 3 // 5]
    days_booked = chance.between(0, 2)
    payments = [
        Payment(
            id=f"PAY-{invoice.id[4:]}-{place + 1}",
            invoice_id=invoice.id,
            paid_on=paid_on + place * 2 * WEEK,
            amount_minor=part,
            recorded_at=datetime.combine(
                paid_on + place * 2 * WEEK + timedelta(days=days_booked), time(9, 0, tzinfo=UTC)
            ),
        )
        for place, part in enumerate(parts)
    ]
    # A bill issued on the morning of its payment would be paid before it left.
    later = [
        payment.model_copy(
            update={"recorded_at": max(payment.recorded_at, invoice.issued_at + timedelta(days=1))}
        )
        for payment in payments
    ]
    return [payment for payment in later if payment.recorded_at.date() <= end]


def settle_invoice(
    invoice: Invoice, *, paid: Sequence[Payment], end: date, chance: Chance
) -> Invoice:
    """The invoice with its status on the firm's last day."""
    if invoice.status is InvoiceStatus.CREDITED:
        return invoice
    is_disputed = chance.happens(DISPUTED_PROBABILITY)
    if sum(payment.amount_minor for payment in paid) == invoice.total_minor:
        return invoice.model_copy(update={"status": InvoiceStatus.PAID})
    if is_disputed and invoice.issued_at.date() <= end:
        return invoice.model_copy(update={"status": InvoiceStatus.DISPUTED})
    return invoice
