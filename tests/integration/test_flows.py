"""The durable flows on the real engine: what was enqueued arrives once, or gets an owner."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from dbos import DBOS

from data.schemas.vocabulary import AuditEvent, ModelOrder, PostingStatus
from service.domain.wall import OPEN_WALL
from service.ports.flows import POSTING_QUEUE
from service.ports.outside_errors import OutsideRefusedError
from service.ports.stores import FactKind
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.post_billing import Gates
from service.usecases.learning.carry_out_order import Workshop, carry_out_order
from service.usecases.learning.order_models import order_models
from service.workflows.engine import CHUNK, POST, DbosEngine, prepare_engine
from service.workflows.flows import FlowParts, launch, shut_down
from tests.builders.items import milestone, timesheet
from tests.builders.service import Workplace, database, never
from tests.fakes.clock import RunningClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.scorer import CLEAR
from tests.fakes.training import FakeTraining, NoRows

DEADLINE_SECONDS = 20
UNDO_SECONDS = 0.3


class PickyLedger(FakeLedger):
    """Refuses the items in `refused`, and breaks on those in `broken`."""

    def __init__(self):
        super().__init__()
        self.refused, self.broken = set(), set()

    def create_draft(self, bill):
        if bill.item_id in self.refused:
            raise OutsideRefusedError("the period is closed")
        if bill.item_id in self.broken:
            raise KeyError("account")
        return super().create_draft(bill)


class Working(Workplace):
    """A workplace whose engine is the real one, with a worker that posts to a picky ledger."""

    def __post_init__(self):
        super().__post_init__()
        self.ledger = PickyLedger()
        prepare_engine(self.url)
        self.engine = DbosEngine(self.url)
        self.undo_window = timedelta(seconds=UNDO_SECONDS)
        self.training = FakeTraining()
        self.workshop = Workshop(
            open_work=self.open_work, rows=NoRows(), training=self.training, now=self.clock.now
        )
        self.start()

    def start(self):
        """Let a worker post, as it would after a restart."""
        parts = FlowParts(
            open_work=self.open_work,
            ledger=self.ledger,
            gates=Gates(billed=BilledRows(), regions={}),
            watcher=self.watcher,
            coin=never,
            carry_out=lambda job_id: carry_out_order(job_id, workshop=self.workshop),
            now=self.clock.now,
            owner_of_failures="ines",
            engine=self.engine,
            is_posting_stopped=self.is_posting_stopped,
        )
        launch(parts, database_url=self.url, executor_id="test")

    def is_posting_stopped(self):
        """Whether somebody stopped all posting."""
        return self.run(lambda uow: uow.flow_holds.get(POSTING_QUEUE)) is not None

    def close(self):
        shut_down()
        self.engine.close()
        super().close()

    def clear(self, *items):
        """Submit items that policy clears; gives the ids of their postings."""
        for item in items:
            self.scorer.says(item.item_id, **CLEAR)
        self.assess(*items)
        return [self.postings(item.item_id)[-1].id for item in items]

    def settled(self, posting_ids):
        """Wait until none of the postings is pending, and give them."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            found = self.run(lambda uow: [uow.postings.get(one) for one in posting_ids])
            if all(one.status is not PostingStatus.PENDING for one in found):
                return found
            assert time.monotonic() < deadline, "the postings stay pending"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    place = Working(database(tmp_path_factory.mktemp("flows")), clock=RunningClock())
    yield place
    place.close()


def _sheets(name, count):
    return [timesheet(external_id=f"{name}-{number}") for number in range(count)]


def test_what_policy_cleared_arrives_exactly_once(working):
    before = working.ledger.tries
    ids = working.clear(*_sheets("many", CHUNK + 10))
    assert {one.status for one in working.settled(ids)} == {PostingStatus.DONE}
    assert set(ids) <= set(working.ledger.bills)
    assert working.ledger.tries - before == len(ids)
    documents = [one.document_id for one in working.settled(ids)]
    assert len(set(documents)) == len(ids)


def test_a_lost_answer_is_found_again(working):
    working.ledger.lose_answer_once = True
    before = len(working.ledger.bills)
    (posting,) = working.settled(working.clear(*_sheets("lost", 1)))
    assert (posting.status, posting.attempts) == (PostingStatus.DONE, 2)
    assert len(working.ledger.bills) == before + 1


def test_a_refused_bill_gets_an_owner_and_its_neighbours_are_posted(working):
    working.ledger.refused = {"test:closed-1"}
    first, refused, last = working.settled(working.clear(*_sheets("closed", 3)))
    assert first.status is last.status is PostingStatus.DONE
    assert (refused.status, refused.owner_id) == (PostingStatus.REFUSED, "ines")
    assert refused.error == "the period is closed"
    page = working.screens.posting_page(
        status=PostingStatus.REFUSED, wall=OPEN_WALL, cursor=None, limit=200
    )
    assert refused.id in {one.id for one in page.postings}
    told = [one["facts"]["posting"] for one in working.audited(AuditEvent.POSTING_REFUSED)]
    assert told.count(refused.id) == 1


def test_an_error_nobody_foresaw_gets_an_owner_too(working):
    working.ledger.broken = {"test:odd-1"}
    first, broken, last = working.settled(working.clear(*_sheets("odd", 3)))
    assert first.status is last.status is PostingStatus.DONE
    assert (broken.status, broken.owner_id) == (PostingStatus.REFUSED, "ines")
    assert "KeyError" in broken.error


def test_a_decision_is_posted_after_its_undo_window(working):
    decision = working.decided(milestone(external_id="decided"))
    (posting,) = working.settled([working.postings("test:decided")[0].id])
    assert (posting.status, posting.decision_id) == (PostingStatus.DONE, decision.id)
    verdicts = [
        one.subject_id
        for one in working.run(lambda uow: uow.facts.since(0))
        if one.kind is FactKind.VERDICT
    ]
    assert decision.id in verdicts


def test_an_undone_decision_never_leaves(working):
    undone = working.decided(milestone(external_id="undone"))
    working.undo(undone)
    # A later decision that was posted shows that the time of the undone one has passed.
    working.decided(milestone(external_id="after"))
    working.settled([working.postings("test:after")[0].id])
    assert working.postings("test:undone")[0].status is PostingStatus.CANCELLED
    assert "test:undone" not in {bill.item_id for bill in working.ledger.bills.values()}


def test_work_of_a_transaction_that_failed_is_never_done(working):
    def fail(uow):
        working.engine.enqueue_postings(uow, ["post-never"])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        working.run(fail)
    assert DBOS.get_workflow_status(f"{POST}-post-never") is None


def test_an_order_to_the_models_is_carried_out_beside_the_api(working):
    def order(uow):
        job = order_models(
            ModelOrder.PROMOTE,
            version=2,
            actor_id="dora",
            uow=uow,
            now=working.clock.now(),
            ids=working.ids,
        )
        working.engine.enqueue_order(uow, job.id)
        return job.id

    job_id = working.run(order)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (job := working.run(lambda uow: uow.jobs.get(job_id))).is_finished:
        assert time.monotonic() < deadline, "the order stays unfinished"
        time.sleep(0.05)
    assert job.result == {"bundle": "b-2", "version": 2}
    assert working.training.orders == [(ModelOrder.PROMOTE, 2)]
