"""What is typed into the adjust form, as the rows of a decision; the money is the service's sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.schemas.decision import Adjustment, MoveTarget
from data.schemas.items import Expense, TimeEntry
from data.schemas.values import minor_per_major


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What becomes of one entry, in minutes; what is in no part is not billed."""

    billed: int
    written_off: int = 0
    moved: int = 0

    @property
    def minutes(self) -> int:
        """Everything that was said of the entry."""
        return self.billed + self.written_off + self.moved


def most_minutes(entry: TimeEntry) -> int:
    """The minutes there are to divide; a billing increment may have rounded up what was worked."""
    return max(entry.minutes_worked, entry.minutes_billable)


def adjust_entries(
    entries: Iterable[TimeEntry], *, parts: Mapping[str, Parts], moved_to: MoveTarget | None
) -> tuple[Adjustment, ...]:
    """Give the entries of which something else is billed than was charged, by their parts."""
    return tuple(
        Adjustment(
            row_id=entry.id,
            minutes_billable=said.billed,
            minutes_written_off=said.written_off,
            minutes_moved=said.moved,
            moved_to=moved_to if said.moved else None,
        )
        for entry in entries
        if (said := parts.get(entry.id)) is not None
        and said != Parts(billed=entry.minutes_billable)
    )


def divided_too_far(entries: Iterable[TimeEntry], *, parts: Mapping[str, Parts]) -> list[TimeEntry]:
    """Give the entries whose parts are more than there is."""
    return [
        entry
        for entry in entries
        if (said := parts.get(entry.id)) is not None and said.minutes > most_minutes(entry)
    ]


def adjust_expenses(
    expenses: Iterable[Expense], *, billable_by_expense: Mapping[str, int]
) -> tuple[Adjustment, ...]:
    """Give the expenses of which less is billed than was asked for."""
    return tuple(
        Adjustment(row_id=one.id, billable_minor=billable_by_expense[one.id])
        for one in expenses
        if billable_by_expense.get(one.id, one.billable_minor) != one.billable_minor
    )


def to_minor(major: float, *, currency: str) -> int:
    """Read an amount as it was typed, to the nearest minor unit."""
    return round(major * minor_per_major(currency))


def to_major(minor: int, *, currency: str) -> float:
    """Give an amount as a person types it."""
    return minor / minor_per_major(currency)
