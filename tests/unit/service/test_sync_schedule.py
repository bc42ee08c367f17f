"""The schedule: what is due is read, once at a time, and what died is found and read again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import FailureKind, SyncOutcome
from service.domain.sync import SyncTrouble
from service.domain.sync_plan import SyncPlan
from service.usecases.syncing.note_sync import note_sync_begun, note_sync_done
from service.workflows.sync_schedule import MOST_AT_ONCE, SyncDesk, SyncSchedule
from tests.fakes.sync_programs import ToldPrograms

KILLED = SyncTrouble(
    kind=FailureKind.UNEXPECTED, told="It was killed.", remedy="Look at the log.",
    outcome=SyncOutcome.BROKEN_OFF,
)  # fmt: skip
PLAN = SyncPlan(sources=("erp", "psa"), every=timedelta(hours=1), owner_id="ines")


class Scheduled:
    """A schedule whose programs and clock a test moves."""

    def __init__(self, place, *, plan=PLAN):
        self.place, self.plan, self.programs, self.leads = place, plan, ToldPrograms(), True
        self.schedule = SyncSchedule(
            SyncDesk(
                plan=plan, programs=self.programs, open_work=place.open_work,
                read=place.open_work, draw=lambda: 0.5, now=place.clock.now,
                is_leader=lambda: self.leads,
            )
        )  # fmt: skip

    def begin(self, source):
        self.place.run(lambda uow: note_sync_begun(source, uow=uow, now=self.place.clock.now()))

    def end_well(self, source):
        self.place.run(
            lambda uow: note_sync_done(
                source, {}, plan=self.plan, uow=uow, now=self.place.clock.now()
            )
        )
        self.programs.end(source)

    def known(self, source):
        return self.place.run(lambda uow: uow.syncs.get(source))


@pytest.fixture
def scheduled(workplace):
    return Scheduled(workplace)


def test_each_source_is_read_at_once_and_then_a_period_later(scheduled):
    assert scheduled.schedule.look() == ["erp", "psa"]
    assert scheduled.schedule.look() == []
    for source in PLAN.sources:
        scheduled.begin(source)
        scheduled.end_well(source)
    assert scheduled.schedule.look() == []
    scheduled.place.clock.forward(hours=1)
    assert scheduled.schedule.look() == ["erp", "psa"]


def test_one_that_runs_long_is_not_begun_twice_and_holds_no_other_up(scheduled):
    scheduled.schedule.look()
    for source in PLAN.sources:
        scheduled.begin(source)
    scheduled.end_well("psa")
    scheduled.place.clock.forward(hours=5)
    assert scheduled.schedule.look() == ["psa"]
    assert scheduled.programs.begun.count("erp") == 1


def test_who_does_not_lead_begins_nothing(scheduled):
    scheduled.leads = False
    assert scheduled.schedule.look() == []
    assert scheduled.programs.begun == []


def test_not_every_source_is_read_at_the_same_time(workplace):
    many = SyncPlan(sources=tuple(f"s{one}" for one in range(9)), every=timedelta(hours=1))
    scheduled = Scheduled(workplace, plan=many)
    assert len(scheduled.schedule.look()) == MOST_AT_ONCE
    scheduled.end_well("s0")
    assert scheduled.schedule.look() == [f"s{MOST_AT_ONCE}"]


@pytest.mark.parametrize("has_begun", [True, False])
def test_a_program_that_ended_without_a_word_is_noted_and_tried_again_later(scheduled, has_begun):
    scheduled.schedule.look()
    if has_begun:
        scheduled.begin("psa")
    scheduled.programs.end("psa", KILLED)
    assert scheduled.schedule.look() == []
    known = scheduled.known("psa")
    assert (known.failures, known.told, known.is_running) == (1, "It was killed.", False)
    scheduled.place.clock.forward(hours=1)
    assert scheduled.schedule.look() == ["psa"]


def test_a_sync_that_died_with_its_worker_is_found_and_done_again(scheduled):
    scheduled.begin("psa")
    assert scheduled.schedule.look() == ["erp"]
    known = scheduled.known("psa")
    assert (known.outcome, known.failures) == (SyncOutcome.BROKEN_OFF, 1)
    scheduled.place.clock.forward(hours=1)
    assert "psa" in scheduled.schedule.look()


def test_a_sync_that_somebody_runs_by_hand_is_left_alone(scheduled):
    scheduled.programs.held.add("psa")
    scheduled.begin("psa")
    assert scheduled.schedule.look() == ["erp"]
    assert scheduled.known("psa").is_running


def test_what_is_under_way_when_the_worker_stops_is_read_again_at_once(scheduled):
    scheduled.schedule.start()
    scheduled.schedule.look()
    scheduled.begin("psa")
    scheduled.schedule.stop()
    known = scheduled.known("psa")
    assert (known.failures, known.next_due_at) == (0, scheduled.place.clock.now())
