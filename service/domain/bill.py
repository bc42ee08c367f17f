"""A bill: what one posting writes to a business system, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingLine:
    """One line of a bill: what was done, how much of it, and the rounded money."""

    description: str
    quantity_minutes: int | None
    """Minutes for time; None for a fixed amount."""
    hourly_rate_minor: int | None
    amount_minor: int
    source_row_ids: tuple[str, ...]
    """The entries, the expense or the milestone this line bills, as its source knows them."""
    service_date: date | None = None
    """The local day of the work or the expense; None on bills written before it was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one posting writes to the ledger; `token` makes it exactly once."""

    token: str
    item_id: str
    contract_id: str
    client_id: str
    currency: str
    period_end: date
    lines: tuple[BillingLine, ...]
    contract_line_id: str | None = None
    """The contract line that is billed; None on bills written before it was kept."""
    period_start: date | None = None
    corrects: str | None = None
    """The token of the first bill of the same rows, where this one is the difference to it."""

    @property
    def total_minor(self) -> int:
        """The sum of the rounded lines."""
        return sum(line.amount_minor for line in self.lines)
