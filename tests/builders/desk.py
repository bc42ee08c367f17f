"""An assessor's memory, and the vectors it gives."""

from __future__ import annotations

from datetime import timedelta

from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.features.compute import compute
from models.past.history import History
from models.terms import Terms
from tests.builders.contracts import reference
from tests.builders.items import DECIDED_AT, MONDAY, entry, timesheet, week


class Desk:
    """An assessor's memory under the default contract."""

    def __init__(self, *past, ref=None):
        self.codes = Codes()
        self.terms = Terms.build(ref or reference(), codes=self.codes)
        self.history = History(codes=self.codes)
        for number, item in enumerate(past):
            self.history.add_items([item], known_at=item.submitted_at, through=number)

    def vectors(self, *items, decided_at=DECIDED_AT):
        batch = to_batch(items, codes=self.codes)
        past = self.history.past(batch, decided_at=decided_at)
        table = compute(
            batch, past=past, history=self.history, terms=self.terms, decided_at=decided_at
        )
        return [dict(zip(FEATURE_NAMES, row.tolist(), strict=True)) for row in table]


def past_week(weeks_ago, **overrides):
    monday = MONDAY - timedelta(weeks=weeks_ago)
    name = f"TS-P{weeks_ago}"
    return timesheet(external_id=name, entries=week(of=name, monday=monday, **overrides))


def one_day(**overrides):
    return timesheet(entries=(entry(**overrides),))
