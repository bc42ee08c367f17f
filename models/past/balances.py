"""What was used up so far of every limit: one running sum a measure, kept as items come and go."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from models.columns import EntryColumns, ExpenseColumns, Ints
from models.past.running_totals import RunningTotals
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
    PROJECT_MINUTES = auto()
    """Minutes worked by person and project."""
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
    Measure.PROJECT_MINUTES: lambda rows: (pair(rows.person, rows.project), rows.minutes_worked),
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
        self._totals = {measure: RunningTotals() for measure in Measure}

    def add(self, measure: Measure, keys: Ints, amounts: Ints) -> None:
        """Add to a measure; take off with amounts below zero."""
        self._totals[measure].add(keys, amounts)

    def add_entries(self, entries: EntryColumns, *, sign: int = 1) -> None:
        """Add rows to every measure of time; with a sign of -1 take them off."""
        for measure, weigh in OF_ENTRIES.items():
            keys, amounts = weigh(entries)
            self.add(measure, keys, sign * amounts)

    def add_expenses(self, expenses: ExpenseColumns, *, sign: int = 1) -> None:
        """The same for expenses."""
        for measure, weigh in OF_EXPENSES.items():
            keys, amounts = weigh(expenses)
            self.add(measure, keys, sign * amounts)

    def at(self, measure: Measure, keys: Ints) -> Ints:
        """Give the sum of each key, 0 for one never seen."""
        return self._totals[measure].at(keys)
