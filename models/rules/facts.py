"""Everything a rule may look at, looked up once for all rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from data.schemas.contracts import Clause
from data.schemas.items import Milestone
from data.schemas.vocabulary import ClauseKind
from models.balances import OF_ENTRIES, OF_EXPENSES, Measure
from models.columns import UNKNOWN, Batch, EntryColumns, ExpenseColumns, Ints, day_number
from models.history import Past
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
            submitted_day=np.array(
                [local_day(item.submitted_at, zone=item.zone) for item in batch.items],
                dtype=np.int64,
            ),
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
        keys, amounts = OF_ENTRIES[measure](self.entries)
        return self.past.used(measure, keys) + self.order.sum_before(keys, amounts)

    def expenses_before(self, measure: Measure) -> Ints:
        """The same for each expense."""
        keys, amounts = OF_EXPENSES[measure](self.expenses)
        return self.past.used(measure, keys) + self.expense_order.sum_before(keys, amounts)

    def entry_clause(self, kind: ClauseKind) -> Ints:
        """Give the clause in force for each entry on its work date."""
        return self.terms.clause(kind, self.entries.line, self.entries.work_day)

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

    def currency(self, entry: int) -> str:
        """Give the currency an entry is billed in."""
        return self.batch.items[int(self.entries.item[entry])].currency

    def currency_of_expense(self, expense: int) -> str:
        """Give the currency an expense is billed in."""
        return self.batch.items[int(self.expenses.item[expense])].currency


def local_day(moment: datetime, *, zone: str) -> int:
    """Give the day number of a moment as the calendar in a time zone shows it."""
    return day_number(moment.astimezone(_zone(zone)).date())


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
