"""Claiming: each case to one person, best first, checks mixed in unseen."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.usecases.queue.claim_case import claim_next
from tests.builders.items import timesheet, week
from tests.builders.service import (
    APPROVER,
    AUDITOR,
    COLLEAGUE,
    REVIEWER,
    WORKFLOW,
    always,
    never,
)
from tests.fakes.scorer import CHECK, HOLD, finding


def _open(workplace, *risks, **said):
    """Open one case per risk, in one request."""
    items = [timesheet(external_id=f"TS-{number}") for number in range(len(risks))]
    for item, risk_minor in zip(items, risks, strict=True):
        proved = {"risk_minor": risk_minor, "findings": (finding(),)} if risk_minor else {}
        workplace.scorer.says(item.item_id, **{**proved, **said})
    return [one.case_id for one in workplace.assess(*items).results]


def test_the_best_case_is_handed_out_first(workplace):
    small, large, middle = _open(workplace, 100_00, 900_00, 500_00)
    order = [workplace.claim_next(person)[0].id for person in (REVIEWER, COLLEAGUE, APPROVER)]
    assert order == [large, middle, small]


def test_nothing_waits_nothing_is_claimed(workplace):
    assert workplace.claim_next() == []


def test_a_reload_gives_the_case_in_hand_again_and_takes_no_other(workplace):
    _open(workplace, 100_00, 900_00)
    first = workplace.claim_next()[0]
    again = workplace.claim_next()[0]
    assert (again.id, again.lease_token, again.version) == (
        first.id,
        first.lease_token,
        first.version,
    )
    assert len(workplace.audited(AuditEvent.CASE_CLAIMED)) == 1


def test_claiming_ahead_puts_the_case_in_hand_first(workplace):
    small, large = _open(workplace, 100_00, 900_00)
    workplace.claim(small)
    assert [one.id for one in workplace.claim_next(count=2)] == [small, large]


def test_a_lease_that_ran_out_goes_to_the_next_person_and_fences_off_the_first(workplace):
    (case_id,) = _open(workplace, 100_00)
    first = workplace.claim_next()[0]
    assert workplace.claim_next(COLLEAGUE) == []
    workplace.clock.forward(seconds=(first.lease.expires_at - workplace.clock.now()).seconds)
    second = workplace.claim_next(COLLEAGUE)[0]
    assert second.id == case_id
    assert second.lease_token == first.lease_token + 1


@pytest.mark.parametrize(
    ("rows", "findings", "hold_minutes"),
    [
        (1, 0, 5),  # 3 x (1 + 0.05) is raised to the shortest
        (5, 5, 12.75),  # 3 x (1 + 5 x 0.6 + 5 x 0.05)
        (5, 20, 30),  # 3 x (1 + 20 x 0.6 + 5 x 0.05) is cut to the longest
    ],
)
def test_a_hold_lasts_three_times_the_expected_work_within_limits(
    workplace, rows, findings, hold_minutes
):
    sheet = timesheet(entries=week()[:rows])
    workplace.open_case(sheet, findings=(finding(),) * findings)
    lease = workplace.claim_next()[0].lease
    assert lease.expires_at - workplace.clock.now() == timedelta(minutes=hold_minutes)


def test_a_case_given_back_is_offered_to_others_first_and_to_oneself_last(workplace):
    small, large = _open(workplace, 100_00, 900_00)
    skipped = workplace.claim_next()[0]
    workplace.release(skipped)
    assert skipped.id == large
    assert [one.id for one in workplace.claim_next(count=2)] == [small, large]
    workplace.release(workplace.case(large))
    assert workplace.claim_next(COLLEAGUE)[0].id == large


def test_sixteen_people_take_two_hundred_cases_each_exactly_once(workplace):
    case_ids = _open(workplace, *range(100_00, 300_00, 100))
    taken, lock = [], threading.Lock()

    def work(number):
        # A person never comes back with the same name, so nobody is given what is in hand.
        for turn in range(50):
            person = type(REVIEWER)(id=f"p-{number}-{turn}", name="P", roles=REVIEWER.roles)
            claimed = workplace.run(
                lambda uow, person=person: claim_next(
                    actor=person, count=3, uow=uow, now=workplace.clock.now(), coin=never
                )
            )
            if not claimed:
                return
            with lock:
                taken.extend(one.id for one in claimed)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == Counter(case_ids)


def test_checks_are_handed_out_in_their_share_and_the_oldest_first(workplace):
    index = _open(workplace, *[100_00] * 5)
    first = workplace.open_case(timesheet(external_id="CH-1"), **CHECK)
    workplace.clock.forward(minutes=1)
    workplace.open_case(timesheet(external_id="CH-2"), **CHECK)
    assert workplace.claim_next(coin=always)[0].id == first.id
    assert workplace.claim_next(COLLEAGUE, coin=never)[0].id in index


def test_checks_alone_are_handed_out_without_a_coin(workplace):
    check = workplace.open_case(timesheet(), **CHECK)
    assert workplace.claim_next(coin=never)[0].id == check.id


def test_a_held_case_is_claimed_by_name(workplace):
    held = workplace.open_case(timesheet(), **HOLD)
    assert workplace.claim(held.id).status is CaseStatus.CLAIMED


def test_a_colleagues_case_cannot_be_claimed_by_name(workplace):
    (case_id,) = _open(workplace, 100_00)
    workplace.claim(case_id)
    with pytest.raises(WrongStateError):
        workplace.claim(case_id, COLLEAGUE)


def test_a_decided_case_cannot_be_claimed(workplace):
    decision = workplace.decided(timesheet())
    with pytest.raises(WrongStateError, match="is decided"):
        workplace.claim(decision.case_id)


@pytest.mark.parametrize("spelling", ["C-999999", "1", "C-1", "C-0000001", "", "C-²", "C--1"])
def test_a_case_has_one_spelling_and_no_other_finds_it(workplace, spelling):
    _open(workplace, 100_00)
    with pytest.raises(NotFoundError):
        workplace.claim(spelling)


@pytest.mark.parametrize("actor", [AUDITOR, WORKFLOW])
def test_only_reviewers_and_approvers_claim(workplace, actor):
    (case_id,) = _open(workplace, 100_00)
    with pytest.raises(NotAllowedError):
        workplace.claim_next(actor)
    with pytest.raises(NotAllowedError):
        workplace.claim(case_id, actor)
