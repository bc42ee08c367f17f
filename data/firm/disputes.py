"""What clients object to once they are billed: which items, why, and what they get back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from data.firm.chance import Chance
from data.firm.drafts import Sign
from data.firm.habits import Habits
from data.firm.outcomes import Circumstances
from data.schemas.billing import Dispute, DisputeReason, Invoice, InvoiceLine
from data.schemas.vocabulary import InvoiceStatus

REASONS = tuple(DisputeReason)
BASE_LOG_ODDS = -8.0
OBJECTIONS_LOG_ODDS = 4.0
"""For the client who objects the most readily, to anything."""
MISSING_ORDER_LOG_ODDS = 5.2
NEW_PRICE_LOG_ODDS = 5.4
"""On the day of a price rise, falling to nothing within weeks."""
LONG_LOG_ODDS, WEEKEND_LOG_ODDS = 4.8, 1.5
FAVOUR_LOG_ODDS, FOREIGN_LOG_ODDS, VAGUE_LOG_ODDS, MATERIALS_LOG_ODDS = 5.4, 3.6, 3.8, 2.5
REJECTED_LOG_ODDS, LATE_LOG_ODDS = 5.4, 4.0
REWORK_LOG_ODDS = 5.4
"""A junior's first two weeks on a line."""
OPENED_DAYS, RECORDED_DAYS = (5, 25), (30, 89)
"""After the invoice left: when a client objects, and when the firm has settled and booked it."""
WITHDRAWN_PROBABILITY = 0.3
CREDITED_SHARES = (0.3, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeDraw:
    """How likely each reason for an objection was, and which came true."""

    probabilities: Mapping[DisputeReason, float]
    reasons: frozenset[DisputeReason]


def draw_disputes(
    circumstances: Sequence[Circumstances], *, habits: Habits, chance: Chance
) -> dict[str, DisputeDraw]:
    """The draw of every item, by item id."""
    log_odds = np.full((len(circumstances), len(REASONS)), BASE_LOG_ODDS)
    for row, one in enumerate(circumstances):
        causes = _causes(one)
        log_odds[row] += OBJECTIONS_LOG_ODDS * habits.objections[one.plan.client.id]
        log_odds[row] += [causes[reason] for reason in REASONS]
    probabilities = 1.0 / (1.0 + np.exp(-log_odds))
    is_true = chance.each_happens(probabilities)
    return {
        one.item_id: DisputeDraw(
            probabilities=dict(zip(REASONS, probabilities[row].tolist(), strict=True)),
            reasons=frozenset(
                reason for place, reason in enumerate(REASONS) if is_true[row, place]
            ),
        )
        for row, one in enumerate(circumstances)
    }


def record_disputes(
    invoices: Sequence[Invoice],
    *,
    item_of_row: Mapping[str, str],
    draws: Mapping[str, DisputeDraw],
    chance: Chance,
) -> tuple[Dispute, ...]:
    """One dispute for each reason that came true of an item, on its largest row on an invoice."""
    disputes = []
    for invoice in invoices:
        if invoice.status is InvoiceStatus.CREDITED:
            continue
        for item_id, lines in _by_item(invoice, item_of_row=item_of_row).items():
            reasons = sorted(draws[item_id].reasons) if item_id in draws else []
            ordered = sorted(lines, key=lambda line: (-line.amount_minor, line.id))
            for place, reason in enumerate(reasons):
                line = ordered[place % len(ordered)]
                is_first = place < len(ordered)
                disputes.append(
                    _dispute(invoice, line, reason=reason, may_credit=is_first, chance=chance)
                )
    disputes.sort(key=lambda one: (one.recorded_at, one.invoice_id, one.row_id, one.reason))
    return tuple(
        one.model_copy(update={"id": f"{one.invoice_id.replace('INV-', 'DSP-', 1)}-{number}"})
        for number, one in _numbered(disputes)
    )


def _causes(one: Circumstances) -> dict[DisputeReason, float]:
    shares = one.shares
    item = FAVOUR_LOG_ODDS * (Sign.FAVOUR in shares) + FOREIGN_LOG_ODDS * (Sign.FOREIGN in shares)
    item += VAGUE_LOG_ODDS * shares.get(Sign.VAGUE, 0.0) + MATERIALS_LOG_ODDS * one.has_materials
    quality = REJECTED_LOG_ODDS * one.is_rejected_first + LATE_LOG_ODDS * one.is_accepted_late
    return {
        DisputeReason.REFERENCE: MISSING_ORDER_LOG_ODDS * one.is_order_missing,
        DisputeReason.PRICE: NEW_PRICE_LOG_ODDS * one.price_newness,
        DisputeReason.QUANTITY: LONG_LOG_ODDS * (Sign.LONG in shares)
        + WEEKEND_LOG_ODDS * (Sign.WEEKEND in shares),
        DisputeReason.ITEM: item,
        DisputeReason.QUALITY: quality + REWORK_LOG_ODDS * (one.is_new and one.is_junior),
    }


def _by_item(invoice: Invoice, *, item_of_row: Mapping[str, str]) -> dict[str, list[InvoiceLine]]:
    lines: dict[str, list[InvoiceLine]] = defaultdict(list)
    for line in invoice.lines:
        lines[item_of_row[line.row_id]].append(line)
    return lines


def _dispute(
    invoice: Invoice, line: InvoiceLine, *, reason: DisputeReason, may_credit: bool, chance: Chance
) -> Dispute:
    """An objection and how it ended; no row is credited twice."""
    opened_on = invoice.issued_at.date() + timedelta(days=chance.between(*OPENED_DAYS))
    days, minutes = chance.between(*RECORDED_DAYS), chance.between(1, 600)
    is_withdrawn = chance.happens(WITHDRAWN_PROBABILITY)
    credited = round(line.amount_minor * chance.uniform(*CREDITED_SHARES))
    return Dispute(
        id="new",
        invoice_id=invoice.id,
        row_id=line.row_id,
        reason=reason,
        opened_on=opened_on,
        credited_minor=0 if is_withdrawn or not may_credit else credited,
        recorded_at=invoice.issued_at + timedelta(days=days, minutes=minutes),
    )


def _numbered(disputes: Sequence[Dispute]) -> Iterator[tuple[int, Dispute]]:
    """The disputes with their place among those of their invoice."""
    counts: dict[str, int] = defaultdict(int)
    for one in disputes:
        counts[one.invoice_id] += 1
        yield counts[one.invoice_id], one
