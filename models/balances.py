"""What was used up so far of every limit: one running sum a measure, kept as items come and go."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

import numpy as np

from models.columns import EntryColumns, ExpenseColumns, Ints
from models.sums import Sums
from models.timeline import pair

MONDAY_SHIFT = 3
"""1970-01-01 was a Thursday: (day + 3) // 7 counts weeks from Monday to Sunday."""


class Measure(Enum):
    """What is summed, and for whom."""

    LINE_MONEY = auto()
    """Billed money of time, by line."""
    CONTRACT_MONEY = auto()
    """The same by contract."""
    CATEGORY_MINUTES = auto()
    """Billable minutes by line and labor category."""
    TASK_MINUTES = auto()
    """Minutes worked by person and task."""
    DAY_MINUTES = auto()
    """Minutes worked by person and day."""
    WEEK_MINUTES = auto()
    """Minutes worked by person and week, Monday to Sunday."""
    LINE_EXPENSES = auto()
    """Billed money of expenses, by line."""
    LINE_MILESTONES = auto()
    """Money of milestones, by line."""


Weighed = tuple[Ints, Ints]
"""Keys, and what each adds."""

OF_ENTRIES: dict[Measure, Callable[[EntryColumns], Weighed]] = {
    Measure.LINE_MONEY: lambda rows: (rows.line, rows.amount_minor),
    Measure.CONTRACT_MONEY: lambda rows: (rows.contract, rows.amount_minor),
    Measure.CATEGORY_MINUTES: lambda rows: (
        pair(rows.line, rows.category),
        rows.minutes_billable,
    ),
    Measure.TASK_MINUTES: lambda rows: (pair(rows.person, rows.task), rows.minutes_worked),
    Measure.DAY_MINUTES: lambda rows: (pair(rows.person, rows.work_day), rows.minutes_worked),
    Measure.WEEK_MINUTES: lambda rows: (
        pair(rows.person, week_number(rows.work_day)),
        rows.minutes_worked,
    ),
}
OF_EXPENSES: dict[Measure, Callable[[ExpenseColumns], Weighed]] = {
    Measure.LINE_EXPENSES: lambda rows: (rows.line, rows.billable_minor),
}


def week_number(day: Ints) -> Ints:
    """Give the number of the week, Monday to Sunday, of each day number."""
    return (day + MONDAY_SHIFT) // 7


class Balances:
    """A running sum for each measure and key."""

    def __init__(self) -> None:
        self._totals: dict[Measure, dict[int, int]] = {measure: {} for measure in Measure}

    def add(self, measure: Measure, keys: Ints, amounts: Ints) -> None:
        """Add to a measure; take off with amounts below zero."""
        sums, totals = Sums.of(keys, amounts), self._totals[measure]
        for key, amount in zip(sums.keys.tolist(), sums.totals.tolist(), strict=True):
            totals[key] = totals.get(key, 0) + amount

    def at(self, measure: Measure, keys: Ints) -> Ints:
        """Give the sum of each key, 0 for one never seen."""
        totals = self._totals[measure]
        distinct, place = np.unique(keys, return_inverse=True)
        found = np.array([totals.get(key, 0) for key in distinct.tolist()], dtype=np.int64)
        return found[place] if len(found) else np.zeros(keys.shape, dtype=np.int64)
