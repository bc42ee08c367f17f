"""What an adjusted item bills: the arithmetic behind the adjust form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.schemas.decision import Adjustment
from data.schemas.items import ExpenseReport, Milestone, Timesheet
from data.schemas.values import amount_minor, minor_per_major


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """What a decision carries to adjust its item, and the money before and after."""

    adjustments: tuple[Adjustment, ...] = ()
    """The rows of a timesheet or an expense report of which less is billed."""
    approved_minor: int | None = None
    """The money to bill for a milestone."""
    before_minor: int
    after_minor: int

    @property
    def difference_minor(self) -> int:
        """Below zero when less is billed."""
        return self.after_minor - self.before_minor

    @property
    def is_changed(self) -> bool:
        """Say whether anything differs from what was charged."""
        return bool(self.adjustments) or self.difference_minor != 0


def adjust_timesheet(item: Timesheet, *, minutes_by_entry: Mapping[str, int]) -> Adjusted:
    """Bill each named entry for its new minutes; entries without one stay as they are."""
    after = {
        entry.id: minutes_by_entry.get(entry.id, entry.minutes_billable) for entry in item.entries
    }
    return Adjusted(
        adjustments=tuple(
            Adjustment(row_id=entry.id, minutes_billable=after[entry.id])
            for entry in item.entries
            if after[entry.id] != entry.minutes_billable
        ),
        before_minor=item.amount_minor,
        after_minor=sum(
            amount_minor(minutes=after[entry.id], rate_minor=entry.hourly_rate_minor)
            for entry in item.entries
        ),
    )


def adjust_expenses(item: ExpenseReport, *, billable_by_expense: Mapping[str, int]) -> Adjusted:
    """Bill each named expense for its new amount; expenses without one stay as they are."""
    after = {one.id: billable_by_expense.get(one.id, one.billable_minor) for one in item.expenses}
    return Adjusted(
        adjustments=tuple(
            Adjustment(row_id=one.id, billable_minor=after[one.id])
            for one in item.expenses
            if after[one.id] != one.billable_minor
        ),
        before_minor=item.amount_minor,
        after_minor=sum(after.values()),
    )


def adjust_milestone(item: Milestone, *, approved_minor: int) -> Adjusted:
    """Bill a milestone for another amount."""
    return Adjusted(
        approved_minor=approved_minor,
        before_minor=item.amount_minor,
        after_minor=approved_minor,
    )


def to_minor(major: float, *, currency: str) -> int:
    """Read an amount as it was typed, to the nearest minor unit."""
    return round(major * minor_per_major(currency))


def to_major(minor: int, *, currency: str) -> float:
    """Give an amount as a person types it."""
    return minor / minor_per_major(currency)
