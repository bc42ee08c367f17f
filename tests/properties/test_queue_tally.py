"""What waits is counted as it changes: after any steps the count is what a look would find."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from data.schemas.vocabulary import CaseStatus
from service.domain.wall import OPEN_WALL, Wall
from service.store.cases import FINISHED
from service.store.queue_screens import queue_summary_of
from service.store.tables import review_case
from tests.builders.databases import DATABASES
from tests.builders.items import timesheet
from tests.builders.service import Workplace, database

STATUSES = st.sampled_from(CaseStatus)
CLIENTS = st.sampled_from(["acme", "bolt"])
UNITS = st.sampled_from([None, "north", "south"])


class Desk(RuleBasedStateMachine):
    """Cases are opened and written in any way; the tally follows."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Workplace(database(Path(self.folder.name)))
        self.first = self.place.open_case(timesheet())
        self.ids = [self.first.id]

    def teardown(self):
        self.place.close()
        DATABASES.forget(Path(self.folder.name))
        self.folder.cleanup()

    @rule(number=st.integers(1, 3), client=CLIENTS, unit=UNITS, status=STATUSES)
    def opens(self, number, client, unit, status):
        drafts = [
            replace(self.first, id="", client_id=client, business_unit=unit, status=status)
            for _ in range(number)
        ]
        self.ids += [one.id for one in self.place.run(lambda uow: uow.cases.add(drafts))]

    @rule(which=st.integers(0, 50), status=STATUSES, value=st.integers(0, 10**6),
          minutes=st.floats(0.25, 60), currency=st.sampled_from(["EUR", "USD"]))  # fmt: skip
    def changes(self, which, status, value, minutes, currency):
        one = self.place.case(self.ids[which % len(self.ids)])
        changed = replace(
            one, status=status, value_minor=value, review_minutes=minutes, currency=currency
        )
        self.place.run(lambda uow: uow.cases.save(changed))

    @invariant()
    def the_count_is_what_is_there(self):
        for wall in (
            OPEN_WALL,
            Wall(client_ids=frozenset({"acme"})),
            Wall(business_units=frozenset({"north"})),
        ):
            with self.place.reader.connect() as connection:
                rows = connection.execute(select(review_case)).all()
                said = queue_summary_of(connection, wall=wall, now=self.place.clock.now())
            seen = [
                row
                for row in rows
                if row.status not in FINISHED
                and wall.admits(client_id=row.client_id, business_unit=row.business_unit)
            ]
            count = Counter(row.status for row in seen)
            money = Counter()
            for row in seen:
                money[row.currency] += row.value_minor
            assert (said.waiting, said.held) == (count["open"], count["held"])
            assert {name: one for name, one in said.money_at_stake_minor.items() if one} == {
                name: one for name, one in money.items() if one
            }
            work = sum(row.review_minutes for row in seen if row.status == "open")
            assert abs(said.waiting_minutes - work) <= 0.1 + len(seen) / 60


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
