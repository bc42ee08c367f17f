"""Four eyes: two people who do not know each other's verdict, in the code and in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import AuditEvent, CaseStatus, ReasonCode, Role, Verdict
from service.api.second_eyes import without_first_verdict
from service.domain.actor import Actor
from service.domain.errors import (
    InTrainingError,
    InvalidRequestError,
    NotAllowedError,
    StaleVersionError,
    TooLateError,
    WrongStateError,
)
from service.domain.wall import OPEN_WALL
from service.ports.deciding_stores import Adjudication, Signature
from service.store.tables import decision as decision_table
from service.usecases.deciding.second_verdict import second_verdict
from service.wire.deciding import SecondVerdictRequest
from tests.builders.items import milestone, timesheet
from tests.builders.policies import publish
from tests.builders.service import (
    APPROVER,
    AUDITOR,
    CHIEF,
    COLLEAGUE,
    REVIEWER,
    UNDO_WINDOW,
    WORKFLOW,
)
from tests.fakes.scorer import REVIEW, finding

LARGE = milestone(amount_minor=60_000_00)
BOTH = Actor(id="bea", name="Bea", roles=frozenset({Role.REVIEWER, Role.APPROVER}))
ADMIN = Actor(id="adam", name="Adam", roles=frozenset({Role.ADMIN}))
TRAINEE = replace(REVIEWER, is_trainee=True)
REJECT = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.NOT_ACCEPTED,)}
WRITE_OFF = {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)}


def test_a_second_verdict_that_agrees_releases_the_bill(workplace):
    decision = workplace.decided(LARGE)
    assert decision.needs_second == "50,000 EUR or more is billed, given up or moved"
    assert workplace.postings("test:MS-1") == []
    workplace.clock.forward(hours=1)
    second = workplace.sign(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED
    (posting,) = workplace.postings("test:MS-1")
    assert (posting.decision_id, posting.total_minor) == (decision.id, 60_000_00)
    assert posting.not_before == workplace.clock.now() + UNDO_WINDOW
    assert workplace.enqueued() == [("conclude", decision.id, 30.0)]
    (entry,) = workplace.audited(AuditEvent.SECOND_SIGNATURE_GIVEN)
    assert (entry["actor"], entry["facts"]["is_agreed"]) == (APPROVER.id, True)
    assert (entry["facts"]["signs"], entry["facts"]["decision"]) == (decision.id, second.id)


def test_a_second_verdict_that_differs_bills_nothing_and_asks_a_third_person(workplace):
    decision = workplace.decided(LARGE)
    workplace.sign(decision, **REJECT)
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_ADJUDICATION
    assert workplace.postings("test:MS-1") == []
    assert workplace.enqueued() == []


def test_the_same_verdict_over_other_money_is_no_agreement(workplace):
    adjust = {"verdict": Verdict.ADJUST, "reason_codes": (ReasonCode.OVER_LIMIT,)}
    decision = workplace.decided(LARGE, approved_minor=55_000_00, **adjust)
    workplace.sign(decision, approved_minor=54_000_00, **adjust)
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_ADJUDICATION


def test_giving_large_money_up_needs_a_second_person_as_billing_it_does(workplace):
    decision = workplace.decided(LARGE, **WRITE_OFF)
    assert decision.written_off_minor == 60_000_00
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE


def test_nobody_gives_both_verdicts_on_a_case(workplace):
    decision = workplace.decided(LARGE, BOTH)
    with pytest.raises(NotAllowedError, match="nobody gives both verdicts"):
        workplace.sign(decision, BOTH)
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE


@pytest.mark.parametrize("who", [COLLEAGUE, ADMIN, AUDITOR, WORKFLOW], ids=lambda one: one.id)
def test_only_approvers_give_a_second_verdict_not_even_administrators_or_keys(workplace, who):
    decision = workplace.decided(LARGE)
    with pytest.raises(NotAllowedError, match="the role approver"):
        workplace.sign(decision, who)


def test_the_database_refuses_one_person_in_both_roles(workplace):
    decision = workplace.decided(LARGE)
    own_signature = Signature(
        decision_id=decision.id,
        decider_id="rita",
        approver_id="rita",
        is_approved=True,
        at=workplace.clock.now(),
    )
    with pytest.raises(IntegrityError, match="two_people"):
        workplace.run(lambda uow: uow.decisions.add_signature(own_signature))
    lied = replace(own_signature, decider_id="anna")
    with pytest.raises(IntegrityError, match="two_people"):
        workplace.run(lambda uow: uow.decisions.add_signature(lied))
    second = decision.model_copy(update={"id": "dec-own", "signs_id": decision.id})
    with pytest.raises(IntegrityError, match="two_people"):
        workplace.run(lambda uow: uow.decisions.add(second))
    with pytest.raises(IntegrityError, match="two_people"), workplace.open_work() as uow:
        uow.connection.execute(
            insert(decision_table).values(
                id="dec-sql", case_number=1, actor_id="rita", verdict="approve",
                decided_at=workplace.clock.now(), body="{}", signs_id=decision.id,
            )
        )  # fmt: skip


@pytest.mark.parametrize("adjudicator", ["rita", "anna"])
def test_the_database_refuses_a_ruling_by_one_of_the_two(workplace, adjudicator):
    first = workplace.decided(LARGE)
    second = workplace.sign(first, **REJECT)
    ruling = Adjudication(
        first_decision_id=first.id,
        second_decision_id=second.id,
        stands_id=first.id,
        decider_id="rita",
        second_id="anna",
        adjudicator_id=adjudicator,
        note="mine",
        at=workplace.clock.now(),
    )
    with pytest.raises(IntegrityError, match="three_people"):
        workplace.run(lambda uow: uow.decisions.add_adjudication(ruling))
    lied = replace(ruling, decider_id="otto", adjudicator_id="rita")
    with pytest.raises(IntegrityError, match="two_people"):
        workplace.run(lambda uow: uow.decisions.add_adjudication(lied))


def test_a_second_verdict_is_on_the_case_as_it_was_shown(workplace):
    decision = workplace.decided(LARGE)
    with pytest.raises(StaleVersionError):
        workplace.sign(decision, version=1)


def test_a_second_verdict_is_final(workplace):
    decision = workplace.decided(LARGE)
    with pytest.raises(InvalidRequestError, match="a second verdict ends the case"):
        workplace.sign(
            decision,
            verdict=Verdict.REQUEST_INFORMATION,
            reason_codes=(ReasonCode.EVIDENCE_MISSING,),
        )


def test_a_decision_is_seconded_once(workplace):
    decision = workplace.decided(LARGE)
    workplace.sign(decision)
    with pytest.raises(WrongStateError):
        workplace.sign(decision, CHIEF)
    assert len(workplace.enqueued()) == 1


def test_a_small_decision_needs_no_second_person_and_takes_none(workplace):
    decision = workplace.decided(timesheet())
    with pytest.raises(WrongStateError):
        workplace.sign(decision)


def test_a_case_without_a_decision_takes_no_second_verdict(workplace):
    case = workplace.open_case(LARGE)
    request = SecondVerdictRequest(
        version=1, verdict=Verdict.APPROVE, reason_codes=(ReasonCode.CLAUSE_SATISFIED,)
    )
    with pytest.raises(WrongStateError):
        workplace.run(
            lambda uow: second_verdict(
                case.id, request, actor=APPROVER, context=workplace.context(uow)
            )
        )


def test_a_newer_version_of_the_item_ends_the_wait_for_a_second_person(workplace):
    decision = workplace.decided(LARGE)
    workplace.assess(milestone(amount_minor=61_000_00))
    with pytest.raises(WrongStateError, match="is open"):
        workplace.sign(decision)
    assert workplace.postings("test:MS-1") == []


def test_everything_final_that_a_trainee_decides_needs_a_second_person(workplace):
    decision = workplace.decided(timesheet(), TRAINEE)
    assert decision.needs_second == "the person who decided is in training"
    workplace.sign(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED


def test_an_approver_in_training_seconds_nobody_while_their_own_word_needs_a_second(workplace):
    learner = replace(APPROVER, is_trainee=True)
    decision = workplace.decided(LARGE)
    with pytest.raises(InTrainingError, match="not in training") as refused:
        workplace.sign(decision, learner)
    assert "another approver" in refused.value.remedy
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE
    publish(workplace, ReviewPolicy(is_trainee_seconded=False))
    workplace.sign(decision, learner)
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED


def test_approving_against_proof_needs_a_second_person_from_half_the_limit_on(workplace):
    small = milestone(external_id="MS-small", amount_minor=24_999_99)
    large = milestone(external_id="MS-large", amount_minor=25_000_00)
    for item in (small, large):
        workplace.scorer.says(item.item_id, **REVIEW, findings=(finding(),))
    assert workplace.decided(small).needs_second == ""
    assert "goes against a sure finding" in workplace.decided(large).needs_second


def test_the_first_decision_can_be_undone_while_it_waits(workplace):
    decision = workplace.decided(LARGE)
    workplace.undo(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.OPEN
    with pytest.raises(WrongStateError):
        workplace.sign(decision)


def test_the_first_decision_cannot_be_undone_once_a_second_person_has_spoken(workplace):
    decision = workplace.decided(LARGE)
    workplace.sign(decision)
    with pytest.raises(TooLateError, match="moved on"):
        workplace.undo(decision)


@pytest.mark.parametrize("said", [{}, REJECT], ids=["agreed", "differed"])
def test_undoing_a_second_verdict_takes_the_first_back_too_for_it_is_blind_no_more(workplace, said):
    decision = workplace.decided(LARGE)
    second = workplace.sign(decision, **said)
    workplace.undo(second, APPROVER)
    assert workplace.case(decision.case_id).status is CaseStatus.OPEN
    assert workplace.run(lambda uow: uow.decisions.last_of_case(decision.case_id)) is None
    assert [one.status for one in workplace.postings("test:MS-1")] in ([], ["cancelled"])


def _seen_by(workplace, decision, actor):
    detail = workplace.screens.case_detail(
        decision.case_id, wall=OPEN_WALL, undo_window=UNDO_WINDOW, now=workplace.clock.now()
    )
    return without_first_verdict(detail, actor=actor)


@pytest.mark.parametrize(
    "who", [APPROVER, COLLEAGUE, BOTH, replace(APPROVER, roles=frozenset(Role))]
)
def test_nothing_of_the_first_verdict_is_told_to_whoever_might_second_it(workplace, who):
    decision = workplace.decided(LARGE, note="a very telling note", **WRITE_OFF)
    shown = _seen_by(workplace, decision, who)
    assert shown.decisions == ()
    told = shown.model_dump_json(include={"history", "decisions"})
    assert not any(word in told for word in ("write_off", "telling", "late"))
    page = workplace.screens.decision_page(
        actor_id=None, wall=OPEN_WALL, blind_to=who.id, cursor=None, limit=10,
        undo_window=UNDO_WINDOW, now=workplace.clock.now(),
    )  # fmt: skip
    assert page.decisions == ()


@pytest.mark.parametrize("who", [REVIEWER, AUDITOR, ADMIN])
def test_the_decider_and_those_who_never_decide_see_the_first_verdict(workplace, who):
    decision = workplace.decided(LARGE)
    assert [one.id for one in _seen_by(workplace, decision, who).decisions] == [decision.id]


def test_after_the_second_verdict_both_are_told(workplace):
    decision = workplace.decided(LARGE)
    workplace.sign(decision, **REJECT)
    assert len(_seen_by(workplace, decision, CHIEF).decisions) == 2


def test_limits_are_those_of_the_policy_in_force(workplace, monkeypatch):
    strict = ReviewPolicy(four_eyes_major=1)
    monkeypatch.setattr("service.store.policies.SqlPolicyStore.in_force", lambda _self: strict)
    decision = workplace.decided(timesheet())
    assert decision.needs_second == "1 EUR or more is billed, given up or moved"
