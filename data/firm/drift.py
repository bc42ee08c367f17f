"""From which day on a firm is no longer what it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.firm.dates import months_before
from data.firm.records import DriftKind, FirmSize
from data.schemas.contracts import RateCardRow

RATE_RISE = 1.08
"""What a new rate card makes of every rate, on top of the yearly rise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifts:
    """The first day of each change, or none."""

    new_client: date | None = None
    new_rate_card: date | None = None
    new_fault_kind: date | None = None
    slower_approvals: date | None = None


def drifts_of(size: FirmSize) -> Drifts:
    """Read the changes that a firm is asked to go through."""
    days = {one.kind: _first_day(size, month=one.month) for one in size.drift}
    return Drifts(
        new_client=days.get(DriftKind.NEW_CLIENT),
        new_rate_card=days.get(DriftKind.NEW_RATE_CARD),
        new_fault_kind=days.get(DriftKind.NEW_FAULT_KIND),
        slower_approvals=days.get(DriftKind.SLOWER_APPROVALS),
    )


def raise_rates(card: tuple[RateCardRow, ...], *, day: date) -> tuple[RateCardRow, ...]:
    """The rate card with another version of every rate from a day on."""
    rows: list[RateCardRow] = []
    for row in card:
        if row.valid_to is not None and row.valid_to < day:
            rows.append(row)
            continue
        if row.valid_from < day:
            rows.append(row.model_copy(update={"valid_to": day - timedelta(days=1)}))
        risen = round(row.hourly_rate_minor * RATE_RISE / 100) * 100
        first = max(row.valid_from, day)
        rows.append(row.model_copy(update={"hourly_rate_minor": risen, "valid_from": first}))
    return tuple(rows)


def _first_day(size: FirmSize, *, month: int) -> date:
    return months_before(size.end, months=size.months - month + 1)
