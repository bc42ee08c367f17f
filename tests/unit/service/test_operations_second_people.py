"""Operations where a second or a third person speaks: a case counts once, by what stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import CaseStatus, ReasonCode, Verdict
from service.domain.wall import OPEN_WALL
from service.ports.operations import Period
from service.store.operations import SqlOperations
from service.usecases.deciding.adjudicate_case import adjudicate_case
from service.wire.deciding import AdjudicationRequest
from tests.builders.items import milestone, timesheet
from tests.builders.service import CHIEF, COLLEAGUE, Workplace, always, never

LARGE = milestone(amount_minor=60_000_00)
WEEK_MINOR = 4_800_00
REJECT = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.NOT_ACCEPTED,)}


def decided(place: Workplace):
    now = place.clock.now()
    period = Period(since=now - timedelta(days=7), until=now)
    return SqlOperations(place.reader).view(period, wall=OPEN_WALL)


def test_what_waits_for_a_second_person_is_open_and_decided_by_nobody(workplace):
    workplace.decided(LARGE)
    seen = decided(workplace)
    assert (seen.decided.cases, seen.decided.money) == (0, ())
    assert {one.id: one.cases for one in seen.open.by_status} == {CaseStatus.AWAITING_SIGNATURE: 1}


def test_two_people_who_agree_decide_one_case_and_bill_it_once(workplace):
    case = workplace.open_case(LARGE)
    workplace.clock.forward(hours=2)
    first = workplace.decide(workplace.claim(case.id))
    workplace.clock.forward(hours=1)
    workplace.sign(first)
    seen = decided(workplace)
    (money,) = seen.decided.money
    assert (seen.decided.cases, seen.decided.by_verdict) == (1, {"approve": 1})
    assert (money.asked_minor, money.to_bill_minor, money.stopped_minor) == (
        60_000_00, 60_000_00, 0,
    )  # fmt: skip
    # The verdict came after two hours; the second person agreed an hour later.
    assert seen.decided.hours_to_decision.p50_hours == 2.0
    assert seen.open.cases == 0


def test_a_dispute_counts_when_a_third_person_has_ruled_and_not_before(workplace):
    first = workplace.decided(LARGE)
    second = workplace.sign(first, **REJECT)
    assert decided(workplace).decided.cases == 0
    workplace.adjudicate(first, stands=second.id)
    seen = decided(workplace).decided
    (money,) = seen.money
    assert (seen.cases, seen.by_verdict) == (1, {"reject": 1})
    assert (money.asked_minor, money.to_bill_minor, money.stopped_minor) == (
        60_000_00, 0, 60_000_00,
    )  # fmt: skip
    # Doubt 0.3: stopping what was likely right goes against the machine.
    assert seen.overrides == 1


def test_where_the_first_verdict_stands_its_money_counts_alone(workplace):
    first = workplace.decided(LARGE)
    workplace.sign(first, **REJECT)
    workplace.adjudicate(first, stands=first.id)
    seen = decided(workplace).decided
    (money,) = seen.money
    assert (seen.cases, seen.by_verdict, seen.overrides) == (1, {"approve": 1}, 0)
    assert (money.to_bill_minor, money.stopped_minor) == (60_000_00, 0)


def test_where_neither_verdict_stands_nothing_is_decided(workplace):
    first = workplace.decided(LARGE)
    workplace.sign(first, **REJECT)
    workplace.adjudicate(first, stands=None)
    seen = decided(workplace)
    assert (seen.decided.cases, seen.decided.money) == (0, ())
    assert {one.id: one.cases for one in seen.open.by_status} == {CaseStatus.OPEN: 1}


@pytest.mark.parametrize("is_upheld", [True, False, None], ids=["first", "repeat", "neither"])
def test_a_ruling_on_a_blind_repeat_takes_no_money_from_what_was_decided(workplace, is_upheld):
    first = workplace.decided(timesheet())
    workplace.coin = always
    workplace.clock.forward(seconds=31)
    workplace.conclude(first)
    workplace.coin = never
    (claimed,) = workplace.claim_next(COLLEAGUE)
    repeat = workplace.decide(claimed, COLLEAGUE, **REJECT)
    workplace.clock.forward(seconds=31)
    workplace.conclude(repeat)
    stands = {True: first.id, False: repeat.id, None: None}[is_upheld]
    request = AdjudicationRequest(
        version=workplace.case(claimed.id).version, stands=stands, note="read"
    )
    workplace.run(
        lambda uow: adjudicate_case(
            claimed.id, request, actor=CHIEF, context=workplace.context(uow)
        )
    )
    seen = decided(workplace).decided
    (money,) = seen.money
    # One timesheet was approved whole and billed, whatever is thought of it afterwards.
    assert (money.cases, money.asked_minor, money.to_bill_minor) == (1, WEEK_MINOR, WEEK_MINOR)
    # Both people worked, unless the repeat is to be judged anew.
    assert seen.cases == (1 if is_upheld is None else 2)
