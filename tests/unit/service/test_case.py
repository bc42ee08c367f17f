"""The case: its leases, its versions, and where it goes back to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import CaseStatus, Lane, Route
from service.domain.case import CLAIMABLE, TRANSITIONS, UNDOABLE, WAITING
from service.domain.errors import StaleLeaseError, StaleVersionError, WrongStateError
from tests.builders.service import case
from tests.fakes.clock import MONDAY_MORNING as NOW

HOLD = timedelta(minutes=5)


def _claimed(**overrides):
    return case(**overrides).claimed(owner_id="rita", now=NOW, hold=HOLD)


def test_every_status_has_its_line_in_the_table_and_closed_is_the_end():
    assert set(TRANSITIONS) == set(CaseStatus)
    assert TRANSITIONS[CaseStatus.CLOSED] == frozenset()


def test_every_status_can_be_reached_from_open():
    reached, fresh = set(), {CaseStatus.OPEN}
    while fresh:
        reached |= fresh
        fresh = set().union(*(TRANSITIONS[status] for status in fresh)) - reached
    assert reached == set(CaseStatus)


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("target", CaseStatus)
def test_a_move_outside_the_table_is_refused_and_one_inside_counts_the_version(status, target):
    before = case(status=status, version=7)
    if target in TRANSITIONS[status]:
        after = before.moved_on(target, step="moved")
        assert (after.status, after.version) == (target, 8)
    else:
        with pytest.raises(WrongStateError):
            before.moved_on(target, step="moved")


def test_the_queue_hands_out_only_what_may_be_claimed_and_undo_reaches_no_waiting_case():
    assert WAITING <= CLAIMABLE
    assert all(CaseStatus.CLAIMED in TRANSITIONS[status] for status in CLAIMABLE)
    assert not UNDOABLE & WAITING


def test_claim_counts_token_and_version():
    claimed = _claimed(lease_token=4, version=9)
    assert (claimed.lease.token, claimed.lease_token, claimed.version) == (5, 5, 10)
    assert claimed.lease.expires_at == NOW + HOLD


def test_colleague_cannot_claim_while_the_lease_runs_and_can_the_moment_it_ends():
    claimed = _claimed()
    with pytest.raises(WrongStateError):
        claimed.claimed(owner_id="carl", now=NOW + HOLD - timedelta(microseconds=1), hold=HOLD)
    taken = claimed.claimed(owner_id="carl", now=NOW + HOLD, hold=HOLD)
    assert (taken.lease.owner_id, taken.lease.token) == ("carl", 2)


@pytest.mark.parametrize(
    ("token", "owner_id", "later"),
    [
        (2, "rita", timedelta()),  # a token of the future
        (0, "rita", timedelta()),  # a token of the past
        (1, "carl", timedelta()),  # somebody else's
        (1, "rita", HOLD),  # run out to the microsecond
    ],
)
def test_a_lease_that_is_not_exactly_mine_and_running_is_stale(token, owner_id, later):
    with pytest.raises(StaleLeaseError):
        _claimed().checked_lease(token=token, owner_id=owner_id, now=NOW + later)


def test_extending_moves_the_end_and_leaves_the_version():
    claimed = _claimed()
    longer = claimed.extended(
        token=1, owner_id="rita", now=NOW + timedelta(minutes=4), hold=timedelta(minutes=10)
    )
    assert longer.lease.expires_at == NOW + timedelta(minutes=14)
    assert longer.version == claimed.version


def test_a_version_that_was_not_shown_is_refused_with_both_numbers():
    with pytest.raises(StaleVersionError, match="shown in version 2 and is now in version 3"):
        case(version=3).checked_version(2)


@pytest.mark.parametrize(
    ("route", "lane", "back"),
    [
        (Route.REVIEW, Lane.INDEX, CaseStatus.OPEN),
        (Route.AUTO_CLEAR, Lane.AUDIT, CaseStatus.OPEN),
        (Route.AUTO_HOLD, Lane.INDEX, CaseStatus.HELD),  # held without being asked about
        (Route.AUTO_HOLD, Lane.AUDIT, CaseStatus.OPEN),  # a check of a hold waits in the queue
    ],
)
def test_released_case_goes_back_where_it_waited(route, lane, back):
    released = _claimed(route=route, lane=lane).released(token=1, owner_id="rita", now=NOW)
    assert (released.status, released.lease) == (back, None)


def test_a_released_lease_cannot_be_used_again():
    released = _claimed().released(token=1, owner_id="rita", now=NOW)
    with pytest.raises(StaleLeaseError):
        released.released(token=1, owner_id="rita", now=NOW)
