"""Flows on the real engine: seen, paused, resumed, cancelled, all stopped, and forgotten."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from data.schemas.vocabulary import AuditEvent, FlowKind, FlowState, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.errors import FlowStateError, InvalidRequestError, NotAllowedError
from service.ports.flows import POSTING_QUEUE
from service.usecases.flows.keep_flows import keep_flows
from service.usecases.flows.show_flows import flow_detail, flow_page
from service.usecases.flows.steer_flow import cancel_flow, pause_flow, resume_flow
from service.usecases.flows.stop_posting import start_posting, stop_posting
from service.workflows import steering
from service.workflows.engine import CONCLUDE, POST
from service.workflows.flows import shut_down
from service.workflows.steering import DbosFlows
from tests.builders.items import milestone, timesheet
from tests.builders.service import APPROVER, REVIEWER, database
from tests.integration.test_flows import DEADLINE_SECONDS, Working

OWNER = Actor(id="ines", name="Ines Integration", roles=frozenset({Role.INTEGRATION_OWNER}))
BOTH = replace(OWNER, roles=OWNER.roles | {Role.APPROVER})
WHY = "the period is being closed"
MONTH = timedelta(days=30)


class Steered(Working):
    """A working place whose flows somebody steers."""

    def __post_init__(self):
        super().__post_init__()
        self.flows = DbosFlows(self.url)

    def close(self):
        self.flows.close()
        super().close()

    def steer(self, what, *about, actor=OWNER, reason=WHY):
        return what(
            *about, reason=reason, actor=actor, flows=self.flows, run=self.run,
            now=self.clock.now(),
        )  # fmt: skip

    def keep(self, *, now=None, keep_for=MONTH):
        return keep_flows(
            flows=self.flows, run=self.run, now=now or self.clock.now(), keep_for=keep_for
        )

    def until(self, holds, what):
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, what
            time.sleep(0.05)

    def state(self, flow_id):
        return self.flows.flow(flow_id).state

    def slow_decision(self, name, *, seconds=3_600.0, **more):
        """A decision whose undo window is long; gives the id of its flow."""
        self.undo_window = timedelta(seconds=seconds)
        decision = self.decided(milestone(external_id=name, **more))
        return f"{CONCLUDE}-{decision.id}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    steered = Steered(database(tmp_path_factory.mktemp("steering")))
    yield steered
    steered.close()


def test_a_paused_flow_waits_and_goes_on_when_its_time_comes(place):
    flow_id = place.slow_decision("paused")
    due = place.flows.flow(flow_id).delayed_until
    place.steer(pause_flow, flow_id)
    assert place.state(flow_id) is FlowState.PAUSED
    with pytest.raises(FlowStateError, match="is paused"):
        place.steer(pause_flow, flow_id)
    place.steer(resume_flow, flow_id)
    again = place.flows.flow(flow_id)
    assert (again.state, again.delayed_until) == (FlowState.DELAYED, due)
    with pytest.raises(FlowStateError, match="is not paused"):
        place.steer(resume_flow, flow_id)
    done = place.audited(AuditEvent.FLOW_PAUSED, AuditEvent.FLOW_RESUMED)
    assert [(one["event"], one["actor"], one["facts"]["reason"]) for one in done] == [
        ("flow_paused", "ines", WHY), ("flow_resumed", "ines", WHY),
    ]  # fmt: skip


def test_a_cancelled_flow_bills_nothing_and_ends_by_itself(place):
    flow_id = place.slow_decision("cancelled", seconds=1.0)
    place.steer(pause_flow, flow_id)
    (posting,) = place.postings("test:cancelled")
    assert place.steer(cancel_flow, flow_id) == (posting.id,)
    place.until(lambda: place.state(flow_id) is FlowState.DONE, "the cancelled flow goes on")
    assert place.postings("test:cancelled")[0].status is PostingStatus.CANCELLED
    assert "test:cancelled" not in {bill.item_id for bill in place.ledger.bills.values()}
    (entry,) = place.audited(AuditEvent.FLOW_CANCELLED)
    assert entry["facts"]["bills"][0]["posting"] == posting.id


def test_what_may_have_left_is_never_cancelled(place):
    flow_id = place.slow_decision("tried")
    place.run(
        lambda uow: uow.postings.save(replace(uow.postings.of_item("test:tried")[0], attempts=1))
    )
    with pytest.raises(FlowStateError, match="may have sent") as refused:
        place.steer(cancel_flow, flow_id)
    assert "Exceptions" in refused.value.remedy
    assert place.postings("test:tried")[0].status is PostingStatus.PENDING
    assert place.state(flow_id) is FlowState.DELAYED


def test_what_has_left_is_corrected_and_not_cancelled(place):
    (posting_id,) = place.clear(timesheet(external_id="left"))
    place.settled([posting_id])
    flow_id = f"{POST}-{posting_id}"
    place.until(lambda: place.state(flow_id) is FlowState.DONE, "the flow does not end")
    for step in (pause_flow, cancel_flow):
        with pytest.raises(FlowStateError, match="is done"):
            place.steer(step, flow_id)


def test_giving_up_a_large_bill_takes_an_approver_too(place):
    flow_id = place.slow_decision("large", amount_minor=49_000_00)
    place.run(
        lambda uow: uow.postings.save(
            replace(uow.postings.of_item("test:large")[0], total_minor=50_000_00)
        )
    )
    with pytest.raises(NotAllowedError, match="approver"):
        place.steer(cancel_flow, flow_id)
    assert place.steer(cancel_flow, flow_id, actor=BOTH)


@pytest.mark.parametrize("who", [REVIEWER, APPROVER], ids=lambda one: one.id)
def test_only_those_who_answer_for_systems_steer_and_they_say_why(place, who):
    for step, about in ((pause_flow, ("x",)), (cancel_flow, ("x",)), (stop_posting, ())):
        with pytest.raises(NotAllowedError):
            place.steer(step, *about, actor=who)
        with pytest.raises(InvalidRequestError, match="say why"):
            place.steer(step, *about, reason=" ")


def test_nothing_leaves_while_posting_is_stopped_and_everything_after(place):
    place.steer(stop_posting)
    with pytest.raises(FlowStateError, match="stopped already"):
        place.steer(stop_posting)
    before = dict(place.ledger.bills)
    ids = place.clear(*(timesheet(external_id=f"stop-{number}") for number in range(3)))
    # The orders to the models go on beside it: the switch is of posting alone.
    page = place.run(
        lambda uow: flow_page(
            states=(), limit=50, flows=place.flows, uow=uow, now=datetime.now(UTC)
        )
    )
    assert page.posting_stopped.reason == WHY
    waiting = next(one for one in page.flows if one.id == f"{POST}-{ids[0]}")
    assert (waiting.state, waiting.bills_left) == (FlowState.WAITING, 3)
    place.keep()
    assert place.ledger.bills == before
    place.steer(start_posting)
    assert {one.status for one in place.settled(ids)} == {PostingStatus.DONE}
    assert place.run(lambda uow: uow.flow_holds.get(POSTING_QUEUE)) is None


@pytest.mark.sqlite_only  # it writes into DBOS' own table, which PostgreSQL keeps in a schema
def test_flows_of_one_moment_are_listed_each_once_page_by_page(place, monkeypatch):
    monkeypatch.setattr(steering, "ALIKE", 0)
    for number in range(7):
        place.slow_decision(f"alike-{number}")
    engine = create_engine(place.url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE workflow_status SET created_at = created_at / 10000 * 10000")
        )
    engine.dispose()
    states = [FlowState.DELAYED, FlowState.PAUSED]
    whole = [one.id for one in place.flows.newest(states=states, limit=500)]
    walked, after = [], None
    while page := place.flows.newest(states=states, limit=2, after=after):
        walked += [one.id for one in page]
        after = page[-1]
    assert walked == whole
    assert len(set(whole)) == len(whole) >= 7


def test_a_crash_between_the_note_and_the_engine_is_made_good(place):
    flow_id = place.slow_decision("crashed")

    class Down(DbosFlows):
        def hold(self, flow):
            raise ConnectionError

        def release(self, flow_id, *, queue, not_before):
            raise ConnectionError

    down = Down(place.url)
    about = {"reason": WHY, "actor": OWNER, "flows": down, "run": place.run}
    with pytest.raises(ConnectionError):
        pause_flow(flow_id, now=place.clock.now(), **about)
    assert place.state(flow_id) is FlowState.DELAYED
    assert place.keep().held >= 1
    assert place.state(flow_id) is FlowState.PAUSED
    with pytest.raises(ConnectionError):
        resume_flow(flow_id, now=place.clock.now(), **about)
    assert place.keep().released == 1
    place.until(lambda: place.state(flow_id) is FlowState.DONE, "the flow stays paused")
    down.close()


def test_one_flow_tells_its_steps_and_what_each_gave(place):
    (posting_id,) = place.clear(timesheet(external_id="steps"))
    place.settled([posting_id])
    flow_id = f"{POST}-{posting_id}"
    place.until(lambda: place.state(flow_id) is FlowState.DONE, "the flow does not end")
    found = place.run(
        lambda uow: flow_detail(flow_id, flows=place.flows, uow=uow, now=datetime.now(UTC))
    )
    assert (found.flow.kind, found.flow.about, found.flow.bills_left) == (
        FlowKind.POSTING, "test:steps", 0,
    )  # fmt: skip
    assert [(one.name, one.outcome) for one in found.steps] == [("write_to_ledger", "done")]


def test_flows_that_ended_long_ago_are_forgotten_and_those_under_way_never(place):
    waiting = place.slow_decision("kept")
    assert place.keep().forgotten == 0
    forgotten = place.keep(now=datetime.now(UTC) + MONTH * 2).forgotten
    assert forgotten > 0
    assert place.keep(now=datetime.now(UTC) + MONTH * 2).forgotten == 0
    assert place.state(waiting) is FlowState.DELAYED


def test_posting_stays_stopped_over_a_restart_of_the_worker(tmp_path):
    place = Steered(database(tmp_path))
    try:
        place.steer(stop_posting)
        shut_down()
        place.start()
        (posting_id,) = place.clear(timesheet(external_id="restart"))
        place.keep()
        assert place.ledger.bills == {}
        place.steer(start_posting)
        assert place.settled([posting_id])[0].status is PostingStatus.DONE
    finally:
        place.close()
