"""Control totals: whatever comes in, is corrected, decided, billed or gone is accounted for."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text

from data.schemas.vocabulary import CaseStatus
from service.domain.errors import CountersignError
from service.usecases.assessing.withdraw_item import withdraw_item
from service.usecases.queue.close_cases import close_cases
from tests.builders.databases import DATABASES, without_triggers
from tests.builders.items import entry, timesheet
from tests.builders.service import WORKFLOW, Workplace, database
from tests.fakes.scorer import CHECK, CLEAR

NAMES = ("TS-1", "TS-2", "TS-3")
NAME = st.sampled_from(NAMES)


class Intake(RuleBasedStateMachine):
    """Items arrive in versions, are cleared or asked about, and leave in every way there is."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Workplace(database(Path(self.folder.name)), coin=lambda _: 0.0)
        self.decisions = []

    @rule(name=NAME, rate=st.sampled_from([80_00, 90_00]), said=st.sampled_from([CLEAR, CHECK, {}]))
    def arrives(self, name, rate, said):
        item = timesheet(external_id=name, entries=(entry(id=f"{name}-1", hourly_rate_minor=rate),))
        if said:
            self.place.scorer.says(item.item_id, **said)
        self.place.assess(item)

    @rule(name=NAME)
    def is_withdrawn(self, name):
        def withdraw(uow):
            now = self.place.clock.now()
            withdraw_item(f"test:{name}", reason="deleted", actor=WORKFLOW, uow=uow, now=now)

        self._tries(lambda: self.place.run(withdraw))

    @rule(name=NAME)
    def is_closed(self, name):
        now = self.place.clock.now()
        self.place.run(lambda uow: close_cases([f"test:{name}"], why="test", uow=uow, now=now))

    @rule()
    def is_decided(self):
        for claimed in self.place.claim_next():
            if claimed.status is CaseStatus.CLAIMED:
                self.decisions.append(self.place.decide(claimed))

    @rule()
    def is_undone(self):
        if self.decisions:
            last = self.decisions.pop()
            self._tries(lambda: self.place.undo(last))

    @rule()
    def is_posted(self):
        if self.decisions:
            self.place.clock.forward(minutes=1)
            posting_id = self.place.conclude(self.decisions[-1])
            pending = [one for name in NAMES for one in self.place.postings(f"test:{name}")]
            if any(one.id == posting_id and one.status == "pending" for one in pending):
                self.place.post(self.decisions[-1])

    @invariant()
    def every_total_comes_out_even(self):
        assert self.place.differences() == {}

    def teardown(self):
        self.place.close()
        DATABASES.forget(Path(self.folder.name))
        self.folder.cleanup()

    def _tries(self, work):
        try:
            work()
        except CountersignError:
            return


TestIntake = Intake.TestCase
TestIntake.settings = settings(max_examples=8, stateful_step_count=20, derandomize=True)


def test_a_case_that_vanished_shows_as_an_item_too_few(tmp_path):
    place = Workplace(database(tmp_path))
    place.open_case(timesheet())
    with place.open_work.engine.begin() as connection:
        connection.execute(text("DELETE FROM review_case"))
    assert place.differences() == {"received": 1}
    place.close()


def test_a_bill_that_vanished_or_was_changed_shows_in_count_and_money(tmp_path):
    place = Workplace(database(tmp_path))
    for name in NAMES:
        place.scorer.says(f"test:{name}", **CLEAR)
    place.assess(*(timesheet(external_id=name) for name in NAMES))
    amount = place.postings("test:TS-1")[0].total_minor
    with place.open_work.engine.begin() as connection:
        connection.execute(text("DELETE FROM posting WHERE item_id = 'test:TS-1'"))
        connection.execute(
            text("UPDATE posting SET total_minor = total_minor + 1 WHERE item_id = 'test:TS-2'")
        )
    assert place.differences() == {"approved": 1, "approved, minor units of EUR": amount - 1}
    place.close()


def test_an_item_slipped_in_behind_the_trail_shows_as_one_too_many(tmp_path):
    place = Workplace(database(tmp_path))
    place.open_case(timesheet())
    with place.open_work.engine.begin() as connection:
        for statement in without_triggers("audit", connection):
            connection.execute(text(statement))
        connection.execute(text("UPDATE audit SET event = 'other' WHERE event = 'item_received'"))
    assert place.differences() == {"received": -1}
    place.close()
