"""How clients pay: some on time, some weeks late, some in two parts, and late what they dispute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from data.firm.chance import Chance
from data.firm.world import World
from data.schemas.billing import Dispute, Invoice, Payment
from data.schemas.vocabulary import InvoiceStatus

SLOW_CLIENT_SHARE = 0.3
TWO_PAYMENTS_PROBABILITY = 0.08
DAYS_AFTER_DISPUTE = (3, 10)
WEEK = timedelta(days=7)


def collect_payments(
    world: World, *, invoices: Sequence[Invoice], disputes: Sequence[Dispute], chance: Chance
) -> tuple[tuple[Invoice, ...], tuple[Payment, ...]]:
    """The invoices with their status on the firm's last day, and the payments up to then."""
    late_days = {client.id: _draw_late_days(chance) for client in world.clients}
    of_invoice: dict[str, list[Dispute]] = defaultdict(list)
    for dispute in disputes:
        of_invoice[dispute.invoice_id].append(dispute)
    settled: list[Invoice] = []
    payments: list[Payment] = []
    for invoice in invoices:
        own = of_invoice[invoice.id]
        paid = _pay(
            invoice, disputes=own, late_days=late_days[invoice.client_id], end=world.end,
            chance=chance,
        )  # fmt: skip
        payments += paid
        settled.append(_settled(invoice, disputes=own, paid=paid, end=world.end))
    payments.sort(key=lambda payment: (payment.recorded_at, payment.id))
    return tuple(settled), tuple(payments)


def _draw_late_days(chance: Chance) -> float:
    """How many days after the due date a client usually pays."""
    return chance.uniform(8.0, 30.0) if chance.happens(SLOW_CLIENT_SHARE) else 2.0


def _pay(
    invoice: Invoice, *, disputes: Sequence[Dispute], late_days: float, end: date, chance: Chance
) -> list[Payment]:
    """What comes in up to the firm's last day: a disputed bill once it is settled, less credits."""
    if invoice.status is InvoiceStatus.CREDITED:
        return []
    days = round(chance.lognormal(median=late_days + 3.0, sigma=0.6)) - 3
    paid_on = max(invoice.due_on + timedelta(days=days), invoice.issued_at.date())
    if disputes:
        settled_on = max(one.recorded_at.date() for one in disputes)
        paid_on = max(paid_on, settled_on + timedelta(days=chance.between(*DAYS_AFTER_DISPUTE)))
    total = invoice.total_minor - sum(one.credited_minor for one in disputes)
    parts = [total]
    if chance.happens(TWO_PAYMENTS_PROBABILITY):
        parts = [total * 3 // 5, total - total * 3 // 5]
    days_booked = chance.between(0, 2)
    payments = [
        Payment(
            id=f"{invoice.id.replace('INV-', 'PAY-', 1)}-{place + 1}",
            invoice_id=invoice.id,
            paid_on=paid_on + place * 2 * WEEK,
            amount_minor=part,
            recorded_at=_booked_at(
                paid_on + place * 2 * WEEK + timedelta(days=days_booked), invoice=invoice
            ),
        )
        for place, part in enumerate(parts)
        if part > 0
    ]
    return [payment for payment in payments if payment.recorded_at.date() <= end]


def _booked_at(day: date, *, invoice: Invoice) -> datetime:
    """A bill issued on the morning of its payment would be paid before it left."""
    morning = datetime.combine(day, time(9, 0, tzinfo=UTC))
    return max(morning, invoice.issued_at + timedelta(days=1))


def _settled(
    invoice: Invoice, *, disputes: Sequence[Dispute], paid: Sequence[Payment], end: date
) -> Invoice:
    """Paid when payments and credits make up the bill; disputed while an objection stands."""
    if invoice.status is InvoiceStatus.CREDITED:
        return invoice
    known = [one for one in disputes if one.recorded_at.date() <= end]
    credited = sum(one.credited_minor for one in known)
    if sum(payment.amount_minor for payment in paid) + credited == invoice.total_minor:
        return invoice.model_copy(update={"status": InvoiceStatus.PAID})
    is_disputed = any(one.opened_on <= end < one.recorded_at.date() for one in disputes)
    if is_disputed:
        return invoice.model_copy(update={"status": InvoiceStatus.DISPUTED})
    return invoice
