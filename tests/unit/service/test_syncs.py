"""A source that fails has an owner, who is told once; and it is read again by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, FailureKind, Role, SyncOutcome, SyncState
from service.domain.actor import Actor
from service.domain.errors import (
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    SyncNotServedError,
    SyncRunsError,
)
from service.domain.sync import SyncTrouble
from service.domain.sync_plan import LATE_AFTER, SyncPlan
from service.domain.wall import Wall
from service.usecases.syncing.note_sync import (
    note_sync_begun,
    note_sync_done,
    note_sync_failed,
    note_sync_stopped,
)
from service.usecases.syncing.show_syncs import sync_detail, syncs_view
from service.usecases.syncing.steer_sync import ask_for_sync, assign_sync
from tests.builders.failing import account, told
from tests.builders.service import REVIEWER

HOUR = timedelta(hours=1)
PLAN = SyncPlan(sources=("psa",), every=HOUR, owner_id="ines")
AWAY = SyncTrouble(kind=FailureKind.TRANSIENT, told="psa does not answer.", remedy="Start it.")
REFUSED = SyncTrouble(kind=FailureKind.PERMANENT, told="HTTP 401", remedy="Renew the key.")
INES = Actor(id="ines", name="Ines", roles=frozenset({Role.INTEGRATION_OWNER}))


@pytest.fixture
def office(workplace):
    """A workplace with two people who see to the systems."""
    for one in ("ines", "ivan"):
        workplace.run(lambda uow, one=one: uow.accounts.save(account(one)))
    return workplace


def begin(place, source="psa"):
    place.run(lambda uow: note_sync_begun(source, uow=uow, now=place.clock.now()))


def fail(place, trouble=AWAY, *, plan=PLAN):
    begin(place)
    place.clock.forward(seconds=5)
    place.run(
        lambda uow: note_sync_failed(
            "psa", trouble, plan=plan, draw=0.5, uow=uow, now=place.clock.now()
        )
    )
    place.clock.forward(seconds=5)


def end_well(place, *, plan=PLAN, **counts):
    begin(place)
    place.clock.forward(seconds=5)
    place.run(lambda uow: note_sync_done("psa", counts, plan=plan, uow=uow, now=place.clock.now()))
    place.clock.forward(seconds=5)


def shown(place, *, plan=PLAN):
    (one,) = place.run(lambda uow: syncs_view(plan=plan, uow=uow, now=place.clock.now())).syncs
    return one


def ask(place, source="psa", *, actor=INES, plan=PLAN):
    place.run(
        lambda uow: ask_for_sync(source, plan=plan, actor=actor, uow=uow, now=place.clock.now())
    )


def assign(place, person_id, *, actor=INES):
    place.run(
        lambda uow: assign_sync(
            "psa", person_id=person_id, plan=PLAN, actor=actor, uow=uow, now=place.clock.now()
        )
    )


def test_what_may_mend_itself_is_told_once_it_failed_three_times_in_a_row(office):
    for _ in range(2):
        fail(office)
    assert told(office, "ines") == []
    for _ in range(3):
        fail(office)
    assert len(told(office, "ines")) == 1
    assert told(office, "ivan") == []
    assert (shown(office).failures, shown(office).told) == (5, AWAY.told)
    assert len(office.audited(AuditEvent.SYNC_FAILED)) == 1


def test_what_only_a_person_mends_is_told_at_once_and_once(office):
    fail(office, REFUSED)
    fail(office, REFUSED)
    assert len(told(office, "ines")) == 1
    assert "psa" in told(office, "ines")[0]
    assert REFUSED.told not in told(office, "ines")[0]


def test_whoever_was_told_is_told_once_that_it_works_again(office):
    fail(office, REFUSED)
    end_well(office, items=3)
    end_well(office, items=0)
    assert [one for one in told(office, "ines") if "works again" in one] == told(office, "ines")[:1]
    assert len(told(office, "ines")) == 2
    (entry,) = office.audited(AuditEvent.SYNC_WENT_ON)
    assert entry["facts"]["failed"] == 1
    assert shown(office).state is SyncState.WORKS


def test_a_failure_that_mended_itself_is_nobodys_news(office):
    fail(office)
    end_well(office)
    assert told(office, "ines") == []
    fail(office)
    fail(office)
    assert told(office, "ines") == []


def test_without_an_account_of_the_owner_everybody_who_mends_is_told(office):
    fail(office, REFUSED, plan=replace(PLAN, owner_id="integration-owner"))
    assert len(told(office, "ines")) == len(told(office, "ivan")) == 1


def test_after_a_failure_it_is_tried_sooner_than_its_period_and_after_success_a_period_later(
    office,
):
    fail(office)
    assert shown(office).next_due_at < office.clock.now() + HOUR / 2
    end_well(office)
    done = shown(office)
    assert done.next_due_at == done.done_at + HOUR


def test_every_sync_that_ended_is_kept_with_its_counts_or_its_reason(office):
    end_well(office, items=3, cases=1)
    fail(office)
    detail = office.run(lambda uow: sync_detail("psa", plan=PLAN, uow=uow, now=office.clock.now()))
    assert [(one.outcome, one.told) for one in detail.runs] == [
        (SyncOutcome.FAILED, AWAY.told),
        (SyncOutcome.DONE, ""),
    ]
    assert detail.runs[1].counts == {"items": 3, "cases": 1}
    assert detail.sync.done_at == detail.runs[1].ended_at


def test_a_sync_that_we_ended_ourselves_speaks_against_nobody_and_is_done_again_at_once(office):
    begin(office)
    office.run(lambda uow: note_sync_stopped("psa", uow=uow, now=office.clock.now()))
    one = shown(office)
    assert (one.failures, one.outcome) == (0, SyncOutcome.BROKEN_OFF)
    assert one.next_due_at == office.clock.now()


def test_what_should_have_been_read_and_was_not_is_overdue(office):
    end_well(office)
    office.clock.forward(seconds=(HOUR + LATE_AFTER).total_seconds() - 60)
    assert shown(office).state is SyncState.WORKS
    office.clock.forward(minutes=2)
    assert shown(office).state is SyncState.OVERDUE


def test_somebody_has_it_read_now_and_the_trail_says_who(office):
    fail(office, REFUSED)
    ask(office)
    assert shown(office).next_due_at == office.clock.now()
    (entry,) = office.audited(AuditEvent.SYNC_ASKED)
    assert (entry["actor"], entry["subject"]) == ("ines", "psa")


def test_what_runs_is_not_asked_for_again(office):
    begin(office)
    with pytest.raises(SyncRunsError):
        ask(office)


def test_what_no_worker_reads_is_refused_with_the_way_to_read_it(office):
    end_well(office)
    with pytest.raises(SyncNotServedError) as refused:
        ask(office, plan=SyncPlan())
    assert "countersign sync psa" in refused.value.remedy
    with pytest.raises(NotFoundError):
        ask(office, "erp")


@pytest.mark.parametrize(
    "actor", [REVIEWER, replace(INES, wall=Wall(client_ids=frozenset({"acme"})))]
)
def test_who_does_not_see_to_the_systems_or_not_to_every_client_asks_for_nothing(office, actor):
    with pytest.raises(NotAllowedError):
        ask(office, actor=actor)
    with pytest.raises(NotAllowedError):
        assign(office, "ivan", actor=actor)


def test_who_is_given_a_source_is_told_of_its_failures_from_then_on(office):
    assign(office, "ivan")
    assert told(office, "ivan") == ["Ines gave you the sync of psa."]
    fail(office, REFUSED)
    assert told(office, "ines") == []
    assert len(told(office, "ivan")) == 2
    end_well(office)
    assert len(told(office, "ivan")) == 3
    assert shown(office).owner_name == "Ivan"
    (entry,) = office.audited(AuditEvent.SYNC_ASSIGNED)
    assert entry["facts"] == {"owner": "ivan", "was": None}


def test_nobody_behind_a_wall_or_without_a_log_in_is_given_a_source(office):
    walled = account("wanda", wall=Wall(client_ids=frozenset({"acme"})))
    office.run(lambda uow: uow.accounts.save(walled))
    for person_id in ("wanda", "nobody"):
        with pytest.raises(InvalidRequestError):
            assign(office, person_id)
