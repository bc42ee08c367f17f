"""The bills of each client and what became of them: paid, late, in parts, disputed, credited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schemas.billing import Dispute, Invoice, Payment
from data.schemas.vocabulary import InvoiceStatus
from models.columns import Flags, Floats, Ints, day_number, microseconds
from models.past.places_by_code import PlacesByCode
from models.reporting_currency import reporting_minor

DISPUTE_HORIZON_DAYS = 90
"""Clients object within 30 to 90 days; an objection that comes later counts in no rate."""
DAY_US = 86_400_000_000
NOT_YET = -1
FIRST_CAPACITY = 256
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The standing and credited bills of one client, one row a bill, in the order they came.

    Days are day numbers, money is in hundredths of the reporting currency and NaN without a rate.
    """

    issued_us: Ints
    period_end_day: Ints
    due_day: Ints
    settled_day: Ints
    """The day on which the last part was paid; NOT_YET while anything is open."""
    payments: Ints
    lines: Ints
    disputed_lines: Ints
    total: Floats
    paid_share: Floats
    credited_share: Floats
    is_standing: Flags
    pay_weekdays: Ints
    """Payments by weekday, Monday first."""

    def __len__(self) -> int:
        return len(self.issued_us)


_INTS = (
    "issued_us", "period_end_day", "due_day", "settled_day", "payments", "lines",
    "disputed_lines", "total_minor", "paid_minor", "credited_minor", "is_standing",
)  # fmt: skip
_NO_WEEKDAYS = np.zeros(DAYS_A_WEEK, dtype=np.int64)


class Accounts:
    """Every bill that left, by client."""

    def __init__(self) -> None:
        self._ints = {name: np.zeros(FIRST_CAPACITY, dtype=np.int64) for name in _INTS}
        self._total = np.zeros(FIRST_CAPACITY)
        self._place: dict[str, int] = {}
        self._of_client = PlacesByCode()
        self._weekdays: dict[int, Ints] = {}

    def post(self, invoice: Invoice, *, client: int) -> None:
        """Take a bill, or its newer version; a draft has not left and is none."""
        if invoice.status is InvoiceStatus.DRAFT:
            return
        place = self._place.get(invoice.id)
        if place is None:
            place = self._place[invoice.id] = len(self._place)
            self._grow(place + 1)
            self._of_client.append(np.array([client], dtype=np.int64), start=place)
            self._ints["settled_day"][place] = NOT_YET
        # Of the status only this much is read: a bill that is paid was not when it left.
        self._set(
            place,
            issued_us=microseconds(invoice.issued_at),
            period_end_day=day_number(invoice.period_end),
            due_day=day_number(invoice.due_on),
            lines=len(invoice.lines),
            total_minor=invoice.total_minor,
            is_standing=int(invoice.status is not InvoiceStatus.CREDITED),
        )
        total = reporting_minor(invoice.total_minor, currency=invoice.currency)
        self._total[place] = np.nan if total is None else total

    def pay(self, payment: Payment, *, client: int) -> None:
        """Take a payment of a bill that came before."""
        place = self._place.get(payment.invoice_id)
        if place is None:
            return
        ints = self._ints
        ints["payments"][place] += 1
        ints["paid_minor"][place] += payment.amount_minor
        if ints["paid_minor"][place] >= ints["total_minor"][place]:
            ints["settled_day"][place] = day_number(payment.paid_on)
        weekdays = self._weekdays.setdefault(client, _NO_WEEKDAYS.copy())
        weekdays[payment.paid_on.weekday()] += 1

    def object_to(self, dispute: Dispute) -> None:
        """Take an objection to a line of a bill that came before."""
        place = self._place.get(dispute.invoice_id)
        if place is None:
            return
        since_us = microseconds(dispute.recorded_at) - int(self._ints["issued_us"][place])
        if since_us <= DISPUTE_HORIZON_DAYS * DAY_US:
            self._ints["disputed_lines"][place] += 1
            self._ints["credited_minor"][place] += dispute.credited_minor

    def of(self, client: int) -> Account:
        """Give the account of a client; an empty one of a client never billed."""
        places = self._of_client.of(np.array([client], dtype=np.int64))
        rows = {name: column[places] for name, column in self._ints.items()}
        total = np.maximum(rows.pop("total_minor"), 1)
        is_standing = rows.pop("is_standing") > 0
        credited = rows.pop("credited_minor") / total
        paid = rows.pop("paid_minor") / total
        return Account(
            **rows,
            total=self._total[places],
            paid_share=np.minimum(paid, 1.0),
            credited_share=np.where(is_standing, np.minimum(credited, 1.0), 1.0),
            is_standing=is_standing,
            pay_weekdays=self._weekdays.get(client, _NO_WEEKDAYS),
        )

    def _set(self, place: int, **values: int) -> None:
        for name, value in values.items():
            self._ints[name][place] = value

    def _grow(self, needed: int) -> None:
        capacity = len(self._total)
        if needed <= capacity:
            return
        self._ints = {
            name: np.concatenate((column, np.zeros(capacity, dtype=np.int64)))
            for name, column in self._ints.items()
        }
        self._total = np.concatenate((self._total, np.zeros(capacity)))
