"""How minutes become billable: rounded as the contract, or else the client, wants them."""

from __future__ import annotations

from collections.abc import Iterable

from data.firm.changes import changed
from data.firm.drafts import EntryDraft, SheetDraft
from data.schemas.clauses import BillingIncrement, Rounding

REDUCED = "Part of the time is not charged, as agreed with the client."


def bill_in_increments(sheets: Iterable[SheetDraft]) -> tuple[SheetDraft, ...]:
    """The sheets with the minutes they bill, apart from those that were billed wrongly."""
    return tuple(
        changed(
            sheet,
            entries=tuple(
                _billed(entry, increment=sheet.plan.increment) for entry in sheet.entries
            ),
        )
        if sheet.plan.increment is not None
        else sheet
        for sheet in sheets
    )


def rounded_minutes(minutes: int, *, increment: BillingIncrement) -> int:
    """Minutes in whole increments."""
    size = increment.increment_minutes
    if increment.rounding is Rounding.DOWN:
        return minutes // size * size
    if increment.rounding is Rounding.UP:
        return -(-minutes // size) * size
    return (2 * minutes + size) // (2 * size) * size


def _billed(entry: EntryDraft, *, increment: BillingIncrement) -> EntryDraft:
    if entry.is_misbilled:
        return entry
    if entry.minutes_billable == entry.minutes_worked:
        minutes = rounded_minutes(entry.minutes_worked, increment=increment)
        return changed(entry, minutes_billable=minutes)
    size = increment.increment_minutes
    return changed(
        entry, minutes_billable=entry.minutes_billable // size * size, adjustment_reason=REDUCED
    )
