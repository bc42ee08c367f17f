"""Everything a rule may look at, looked up once for all rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from data.schemas.contracts import Clause
from data.schemas.items import Milestone
from data.schemas.vocabulary import ClauseKind
from models.columns import UNKNOWN, Batch, EntryColumns, Ints, day_number
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
            order=Order.of(batch, past=past.entries),
            submitted_day=np.array(
                [local_day(item.submitted_at, zone=item.zone) for item in batch.items],
                dtype=np.int64,
            ),
        )

    @property
    def entries(self) -> EntryColumns:
        """The entries of the batch."""
        return self.batch.entries

    def entry_clause(self, kind: ClauseKind) -> Ints:
        """Give the clause in force for each entry on its work date."""
        return self.terms.clause(kind, self.entries.line, self.entries.work_day)

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


def local_day(moment: datetime, *, zone: str) -> int:
    """Give the day number of a moment as the calendar in a time zone shows it."""
    return day_number(moment.astimezone(ZoneInfo(zone)).date())
