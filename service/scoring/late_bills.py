"""How late items are billed, as it becomes known: items and invoices come in either order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from data.schemas.billing import Invoice
from data.schemas.items import AnyItem, row_ids
from data.schemas.vocabulary import InvoiceStatus
from models.past.history import History
from service.domain.cut_off import cut_off_after


class LateBills:
    """Tells a history once for each item whether its invoice left after the cut-off."""

    def __init__(self, history: History, *, cut_off_day: int) -> None:
        self._history, self._cut_off_day = history, cut_off_day
        self._unbilled: dict[str, tuple[str, ...]] = {}
        """A row that no invoice bills yet -> every row of its item."""

    def learn_items(self, items: Iterable[AnyItem], *, known_at: datetime) -> None:
        """Learn items: what was billed before is told at once, the rest waits for its invoice."""
        for item in items:
            rows = tuple(row_ids(item))
            left = [invoice for row in rows if (invoice := self._invoice_of(row)) is not None]
            if left:
                self._tell(max(left, key=lambda one: one.issued_at), known_at=known_at)
            else:
                self._unbilled.update(dict.fromkeys(rows, rows))

    def learn_invoice(self, invoice: Invoice, *, known_at: datetime) -> None:
        """Learn an invoice that has left; each item it bills is told once."""
        if invoice.status is InvoiceStatus.DRAFT:
            return
        for line in invoice.lines:
            rows = self._unbilled.get(line.row_id)
            if rows is not None:
                for row in rows:
                    self._unbilled.pop(row, None)
                self._tell(invoice, known_at=known_at)

    def _invoice_of(self, row: str) -> Invoice | None:
        bill = self._history.billed_by(row)
        return None if bill is None else self._history.invoice(bill)

    def _tell(self, invoice: Invoice, *, known_at: datetime) -> None:
        cut_off = cut_off_after(invoice.period_end, day=self._cut_off_day)
        self._history.add_delay(
            client_id=invoice.client_id,
            is_delayed=invoice.issued_at > cut_off,
            known_at=known_at,
        )
