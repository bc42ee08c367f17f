"""Two people disagree: a third one says what stands, and only that takes effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, ReasonCode, Role, Verdict
from service.domain.actor import Actor
from service.domain.errors import (
    InTrainingError,
    InvalidRequestError,
    NotAllowedError,
    TooLateError,
    WrongStateError,
)
from service.usecases.deciding.adjudicate_case import adjudicate_case
from service.wire.deciding import AdjudicationRequest
from tests.builders.items import milestone, timesheet
from tests.builders.service import APPROVER, AUDITOR, CHIEF, COLLEAGUE, REVIEWER, always

LARGE = milestone(amount_minor=60_000_00)
REJECT = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.NOT_ACCEPTED,)}
DECIDER = replace(REVIEWER, roles=frozenset({Role.REVIEWER, Role.APPROVER}))


@pytest.fixture
def dispute(workplace):
    """A milestone that one person would bill and another would not."""
    first = workplace.decided(LARGE, DECIDER)
    return first, workplace.sign(first, **REJECT)


def test_the_first_decision_stands_and_is_billed(workplace, dispute):
    first, second = dispute
    assert workplace.adjudicate(first, stands=first.id).id == first.id
    assert workplace.case(first.case_id).status is CaseStatus.DECIDED
    (posting,) = workplace.postings("test:MS-1")
    assert (posting.decision_id, posting.total_minor) == (first.id, 60_000_00)
    (entry,) = workplace.audited(AuditEvent.CASE_ADJUDICATED)
    facts = entry["facts"]
    assert (entry["actor"], facts["stands"]) == (CHIEF.id, first.id)
    assert (facts["first"], facts["second"]) == (first.id, second.id)


def test_the_second_decision_stands_and_is_in_force(workplace, dispute):
    first, second = dispute
    workplace.adjudicate(first, stands=second.id)
    assert workplace.postings("test:MS-1") == []
    assert workplace.enqueued() == [("conclude", second.id, 30.0)]
    in_force = workplace.run(lambda uow: uow.decisions.last_of_case(first.case_id))
    assert in_force.id == second.id


def test_where_neither_stands_the_case_is_decided_anew(workplace, dispute):
    first, _ = dispute
    workplace.adjudicate(first, stands=None)
    assert workplace.case(first.case_id).status is CaseStatus.OPEN
    assert workplace.enqueued() == []
    again = workplace.decide(workplace.claim(first.case_id, COLLEAGUE), COLLEAGUE)
    workplace.sign(again)
    assert [one.decision_id for one in workplace.postings("test:MS-1")] == [again.id]


@pytest.mark.parametrize("who", [DECIDER, APPROVER])
def test_nobody_rules_on_their_own_dispute(workplace, dispute, who):
    first, _ = dispute
    with pytest.raises(NotAllowedError, match="a third person"):
        workplace.adjudicate(first, stands=first.id, actor=who)


def test_nobody_in_training_rules(workplace, dispute):
    first, _ = dispute
    with pytest.raises(InTrainingError):
        workplace.adjudicate(first, stands=first.id, actor=replace(CHIEF, is_trainee=True))
    assert workplace.case(first.case_id).status is CaseStatus.AWAITING_ADJUDICATION


@pytest.mark.parametrize(
    "who", [COLLEAGUE, AUDITOR, Actor(id="adam", name="Adam", roles=frozenset({Role.ADMIN}))]
)
def test_only_approvers_rule(workplace, dispute, who):
    first, _ = dispute
    with pytest.raises(NotAllowedError, match="the role approver"):
        workplace.adjudicate(first, stands=first.id, actor=who)


def test_a_ruling_says_why_and_names_one_of_the_two(workplace, dispute):
    first, _ = dispute
    with pytest.raises(InvalidRequestError, match="say why"):
        workplace.adjudicate(first, stands=first.id, note=" ")
    with pytest.raises(InvalidRequestError, match="is neither of the two"):
        workplace.adjudicate(first, stands="dec-x")


def test_a_ruling_is_given_once_and_ends_the_time_to_undo(workplace, dispute):
    first, second = dispute
    workplace.adjudicate(first, stands=second.id)
    with pytest.raises(WrongStateError):
        workplace.adjudicate(first, stands=first.id)
    with pytest.raises(TooLateError):
        workplace.undo(second, APPROVER)


def test_a_case_without_a_dispute_takes_no_ruling(workplace):
    case = workplace.open_case(LARGE)
    request = AdjudicationRequest(version=1, stands=None, note="why not")
    with pytest.raises(WrongStateError):
        workplace.run(
            lambda uow: adjudicate_case(
                case.id, request, actor=CHIEF, context=workplace.context(uow)
            )
        )


@pytest.fixture
def blind_dispute(workplace):
    """A sheet that one person approved, and another rejected without knowing."""
    first = workplace.decided(timesheet())
    workplace.clock.forward(minutes=1)
    workplace.coin = always
    workplace.conclude(first)
    (repeat,) = workplace.claim_next(COLLEAGUE, coin=always)
    assert repeat.repeats_case_id == first.case_id
    second = workplace.decide(
        repeat,
        COLLEAGUE,
        verdict=Verdict.REJECT,
        reason_codes=(ReasonCode.EVIDENCE_MISSING,),
    )
    workplace.clock.forward(minutes=1)
    workplace.conclude(second)
    return first, second


def test_a_blind_repeat_that_differs_is_ruled_on_and_moves_no_money(workplace, blind_dispute):
    first, second = blind_dispute
    repeat = workplace.case(second.case_id)
    assert (repeat.lane, repeat.status) == (Lane.DOUBLE, CaseStatus.AWAITING_ADJUDICATION)
    before = workplace.postings(first.item_id)
    workplace.adjudicate(second, stands=second.id)
    assert workplace.case(second.case_id).status is CaseStatus.DECIDED
    assert workplace.case(first.case_id).status is CaseStatus.DECIDED
    assert workplace.postings(first.item_id) == before


def test_a_blind_repeat_where_neither_is_right_is_judged_again_and_the_case_stands(
    workplace, blind_dispute
):
    first, second = blind_dispute
    workplace.adjudicate(second, stands=None)
    assert workplace.case(second.case_id).status is CaseStatus.OPEN
    in_force = workplace.run(lambda uow: uow.decisions.last_of_case(first.case_id))
    assert in_force.id == first.id
