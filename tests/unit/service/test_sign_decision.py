"""Four eyes: two people, in the code and in the database."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from data.schemas.vocabulary import AuditEvent, CaseStatus, Role
from service.domain.actor import Actor
from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.ports.stores import Signature
from service.usecases.sign_decision import sign_decision
from tests.builders.items import milestone, timesheet
from tests.builders.service import APPROVER, COLLEAGUE, UNDO_WINDOW

LARGE = milestone(amount_minor=60_000_00)
BOTH = Actor(id="bea", name="Bea", roles=frozenset({Role.REVIEWER, Role.APPROVER}))


def test_the_second_signature_releases_the_bill(workplace):
    decision = workplace.decided(LARGE)
    assert workplace.postings("test:MS-1") == []
    workplace.clock.forward(hours=1)
    workplace.sign(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED
    (posting,) = workplace.postings("test:MS-1")
    assert (posting.decision_id, posting.total_minor) == (decision.id, 60_000_00)
    assert posting.not_before == workplace.clock.now() + UNDO_WINDOW
    assert workplace.enqueued() == [("conclude", decision.id, 30.0)]
    (entry,) = workplace.audited(AuditEvent.SECOND_SIGNATURE_GIVEN)
    assert (entry["actor"], entry["facts"]["is_approved"]) == (APPROVER.id, True)


def test_a_refused_signature_sends_the_case_back_and_bills_nothing(workplace):
    decision = workplace.decided(LARGE)
    workplace.sign(decision, is_approved=False)
    assert workplace.case(decision.case_id).status is CaseStatus.OPEN
    assert workplace.postings("test:MS-1") == []
    assert workplace.enqueued() == []


def test_after_a_refusal_another_decision_can_be_signed(workplace):
    first = workplace.decided(LARGE)
    workplace.sign(first, is_approved=False)
    second = workplace.decide(workplace.claim(first.case_id, COLLEAGUE), COLLEAGUE)
    workplace.sign(second)
    assert [one.decision_id for one in workplace.postings("test:MS-1")] == [second.id]


def test_nobody_signs_their_own_decision(workplace):
    decision = workplace.decided(LARGE, BOTH)
    with pytest.raises(NotAllowedError, match="nobody signs their own decision"):
        workplace.sign(decision, BOTH)
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE


def test_the_database_refuses_one_person_under_both_signatures(workplace):
    decision = workplace.decided(LARGE)
    twice = Signature(
        decision_id=decision.id,
        decider_id="rita",
        approver_id="rita",
        is_approved=True,
        at=workplace.clock.now(),
    )
    with pytest.raises(IntegrityError, match="two_people"):
        workplace.run(lambda uow: uow.decisions.add_signature(twice))


def test_a_reviewer_may_not_sign(workplace):
    decision = workplace.decided(LARGE)
    with pytest.raises(NotAllowedError, match="the role approver"):
        workplace.sign(decision, COLLEAGUE)


def test_a_decision_is_signed_once(workplace):
    decision = workplace.decided(LARGE)
    workplace.sign(decision)
    with pytest.raises(WrongStateError):
        workplace.sign(decision)
    assert len(workplace.enqueued()) == 1


def test_a_small_decision_needs_no_signature_and_takes_none(workplace):
    decision = workplace.decided(timesheet())
    with pytest.raises(WrongStateError):
        workplace.sign(decision)


def test_a_case_without_a_decision_has_nothing_to_sign(workplace):
    case = workplace.open_case(LARGE)
    with pytest.raises(NotFoundError):
        workplace.run(
            lambda uow: sign_decision(
                case.id, is_approved=True, actor=APPROVER, context=workplace.context(uow)
            )
        )


def test_a_newer_version_of_the_item_ends_the_wait_for_a_signature(workplace):
    decision = workplace.decided(LARGE)
    workplace.assess(milestone(amount_minor=61_000_00))
    with pytest.raises(WrongStateError, match="is closed"):
        workplace.sign(decision)
    assert workplace.postings("test:MS-1") == []
