"""Everything a rule may look at, looked up once for all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from data.schemas.contracts import Clause
from data.schemas.items import Milestone
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Batch, EntryColumns, ExpenseColumns, Flags, Ints
from models.local_days import local_day, local_days
from models.past.balances import OF_ENTRIES, OF_EXPENSES, Measure
from models.past.history import Past
from models.rules.line_days import LineDays
from models.rules.order import Order
from models.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A batch, what is known of the past, and the terms, as of `decided_at`."""

    batch: Batch
    past: Past
    terms: Terms
    decided_at: datetime
    order: Order
    """The order of the time entries."""
    expense_order: Order
    submitted_day: Ints
    """The local day, in the zone of each item, on which it was submitted."""
    decided_day: Ints
    """The local day of the decision, in the zone of each item."""
    _entry_days: LineDays
    _looked_up: dict[tuple[str, object], Ints] = field(default_factory=dict, compare=False)
    """What several rules ask for; asking twice gives the same columns."""

    @classmethod
    def gather(cls, batch: Batch, *, past: Past, terms: Terms, decided_at: datetime) -> Facts:
        """Bring together what the rules need."""
        return cls(
            batch=batch,
            past=past,
            terms=terms,
            decided_at=decided_at,
            order=Order.of(batch.entries, past=past.entries, batch=batch),
            expense_order=Order.of(batch.expenses, past=past.expenses, batch=batch),
            submitted_day=local_days(batch.submitted_us, zone=batch.zone, zones=batch.zones),
            decided_day=_day_by_zone(decided_at, zones=batch.zones)[batch.zone],
            _entry_days=LineDays.of(batch.entries.line, batch.entries.work_day),
        )

    @property
    def entries(self) -> EntryColumns:
        """The entries of the batch."""
        return self.batch.entries

    @property
    def expenses(self) -> ExpenseColumns:
        """The expenses of the batch."""
        return self.batch.expenses

    def used_before(self, measure: Measure) -> Ints:
        """Give, for each entry, what its key used up before it counts: the past and the batch."""

        def add_up() -> Ints:
            keys, amounts = OF_ENTRIES[measure](self.entries)
            return self.past.used(measure, keys) + self.order.sum_before(keys, amounts)

        return self._once("used", measure, add_up)

    def used_where(self, is_asked: Flags, measure: Measure) -> Ints:
        """Give the same, all zero where nobody asks: most contracts limit little."""
        return self.used_before(measure) if is_asked.any() else np.zeros_like(self.entries.item)

    def expenses_before(self, measure: Measure) -> Ints:
        """The same for each expense."""
        keys, amounts = OF_EXPENSES[measure](self.expenses)
        return self.past.used(measure, keys) + self.expense_order.sum_before(keys, amounts)

    def entry_clause(self, kind: ClauseKind) -> Ints:
        """Give the clause in force for each entry on its work date."""

        def look_up() -> Ints:
            return self._entry_days.each(lambda line, day: self.terms.clause(kind, line, day))

        return self._once("clause", kind, look_up)

    def expense_clause(self, kind: ClauseKind) -> Ints:
        """Give the clause in force for each expense on the day it was incurred."""
        return self.terms.clause(kind, self.expenses.line, self.expenses.incurred_day)

    def item_clause(self, kind: ClauseKind) -> Ints:
        """Give the clause in force for each item on the day it was submitted."""
        return self.terms.clause(kind, self.batch.line, self.submitted_day)

    def clause(self, place: int) -> Clause | None:
        """Give the clause itself, or None for UNKNOWN."""
        return None if place == UNKNOWN else self.terms.clauses[place]

    def milestones(self) -> Iterator[tuple[int, Milestone]]:
        """Give the milestones of the batch with their places in it."""
        for place in np.flatnonzero(self.batch.is_milestone).tolist():
            item = self.batch.items[place]
            if isinstance(item, Milestone):
                yield place, item

    def person_id(self, entry: int) -> str:
        """Give who worked an entry."""
        name: str = self.batch.person_id[self.entries.item[entry]]
        return name

    def currency(self, entry: int) -> str:
        """Give the currency an entry is billed in."""
        name: str = self.batch.currency[self.entries.item[entry]]
        return name

    def currency_of_expense(self, expense: int) -> str:
        """Give the currency an expense is billed in."""
        name: str = self.batch.currency[self.expenses.item[expense]]
        return name

    def _once(self, what: str, which: object, make: Callable[[], Ints]) -> Ints:
        column = self._looked_up.get((what, which))
        if column is None:
            column = self._looked_up.setdefault((what, which), make())
        return column


def _day_by_zone(moment: datetime, *, zones: tuple[str, ...]) -> Ints:
    return np.array([local_day(moment, zone=zone) for zone in zones], dtype=np.int64)
