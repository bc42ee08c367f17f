"""Bills for tests: small, valid, and different where a test says so."""

from __future__ import annotations

from datetime import date
from itertools import count

from service.domain.bill import Bill, BillingLine

_numbers = count(1)


def a_time_line(*, minutes: int = 795, rate_minor: int = 18_000, amount_minor: int | None = None):
    """A line of time; 795 minutes are 13.25 hours, at 180.00 an hour 2385.00."""
    return BillingLine(
        description="Consulting, week 10 of 2026",
        quantity_minutes=minutes,
        hourly_rate_minor=rate_minor,
        amount_minor=(minutes * rate_minor * 2 + 60) // 120
        if amount_minor is None
        else amount_minor,
        source_row_ids=("line-1", "line-2"),
    )


def a_fixed_line(*, amount_minor: int = 1_500_000):
    """A line of a fixed amount."""
    return BillingLine(
        description="M1 design accepted",
        quantity_minutes=None,
        hourly_rate_minor=None,
        amount_minor=amount_minor,
        source_row_ids=("task-5",),
    )


def a_bill(*, token: str | None = None, lines: tuple[BillingLine, ...] | None = None):
    """A bill of one time line for Acme, with a token nobody used yet."""
    number = next(_numbers)
    return Bill(
        token=token or f"token-{number}",
        item_id=f"tryton:item-{number}" if token is None else "tryton:item-0",
        contract_id="acme-rollout",
        client_id="acme",
        currency="USD",
        period_end=date(2026, 3, 8),
        lines=(a_time_line(),) if lines is None else lines,
    )
