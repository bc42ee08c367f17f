"""Approvals: a decision under a rule takes effect once the people it names have said yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from data.schemas.approval_policy import ApprovalPolicy, Approver
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import (
    ApprovalKind,
    ApprovalStatus,
    AuditEvent,
    CaseStatus,
    NotificationKind,
    ReasonCode,
    Role,
    Verdict,
)
from service.domain.approval import ApprovalWord
from service.domain.errors import (
    ApprovalSettledError,
    InvalidRequestError,
    NotAllowedError,
    NotAskedError,
    NotFoundError,
)
from service.domain.wall import Wall
from service.store.desk_tables import notification
from tests.builders.approvals import (
    ADMIN,
    LEADER,
    OTHER_LEADER,
    WRITE_OFF,
    chase,
    employ,
    policy,
    requests,
    rule,
    say,
)
from tests.builders.items import milestone
from tests.builders.policies import publish
from tests.builders.service import APPROVER, CHIEF, REVIEWER, WORKFLOW
from tests.fakes.scorer import REVIEW, finding

BILL = milestone(amount_minor=20_000_00)
ADJUST = {"verdict": Verdict.ADJUST, "reason_codes": (ReasonCode.OVER_LIMIT,)}
LEADERS = Approver(role=Role.OPERATIONS_LEADER)
OWNER = Approver(role=Role.OPERATIONS_LEADER, is_client_owner=True)


@pytest.fixture
def office(workplace):
    employ(workplace, REVIEWER, LEADER, OTHER_LEADER, APPROVER, CHIEF, ADMIN)
    return workplace


def told(office, person, kind=NotificationKind.APPROVAL_NEEDED):
    """How often somebody was told something."""
    query = select(func.count()).where(
        notification.c.person_id == person.id, notification.c.kind == kind.value
    )
    with office.reader.begin() as connection:
        return connection.execute(query).scalar()


def test_a_write_off_under_a_rule_waits_for_its_approver_and_then_takes_effect(office):
    publish(office, policy(rule()))
    decision = office.decided(BILL, **WRITE_OFF)
    assert office.case(decision.case_id).status is CaseStatus.AWAITING_APPROVAL
    assert office.enqueued() == []
    (asked,) = requests(office, decision.id)
    assert (asked.kind, asked.terms.amount_minor) == (ApprovalKind.WRITE_OFF, 20_000_00)

    say(office, asked, LEADER)

    assert office.case(decision.case_id).status is CaseStatus.DECIDED
    assert office.enqueued() == [("conclude", decision.id, 30.0)]
    trail = office.audited(AuditEvent.APPROVAL_ASKED, AuditEvent.APPROVAL_GIVEN)
    assert [one["actor"] for one in trail] == [REVIEWER.id, LEADER.id]
    assert trail[1]["facts"]["approval"] == asked.id


def test_a_decision_that_no_rule_speaks_of_takes_effect_at_once(office):
    publish(office, policy(rule(from_major=20_001), rule(ApprovalKind.CHANGE_ORDER)))
    decision = office.decided(BILL, **WRITE_OFF)
    assert office.case(decision.case_id).status is CaseStatus.DECIDED
    assert requests(office, decision.id) == []


@pytest.mark.parametrize(
    ("kind", "said", "verdict", "amount_minor"),
    [
        (ApprovalKind.RATE_EXCEPTION, {"findings": (finding(),)}, {}, 20_000_00),
        (ApprovalKind.CHANGE_ORDER,
         {"findings": (finding(code=ExceptionCode.CHANGE_ORDER_UNSIGNED),)}, {}, 20_000_00),
        (ApprovalKind.NON_BILLABLE, {}, ADJUST | {"approved_minor": 15_000_00}, 5_000_00),
        (ApprovalKind.WRITE_OFF, {}, WRITE_OFF, 20_000_00),
    ],
)  # fmt: skip
def test_each_kind_of_decision_has_its_rule_and_its_money(
    office, kind, said, verdict, amount_minor
):
    publish(office, policy(*(rule(one) for one in ApprovalKind)))
    office.scorer.says(BILL.item_id, **(REVIEW | said))
    decision = office.decided(BILL, **verdict)
    (asked,) = requests(office, decision.id)
    assert (asked.kind, asked.terms.amount_minor) == (kind, amount_minor)


def test_the_rule_of_a_currency_outranks_a_general_one_and_the_larger_amount_the_smaller(office):
    boss, chief = Approver(role=Role.ADMIN), Approver(role=Role.APPROVER)
    publish(
        office,
        policy(
            rule(from_major=15_000),
            rule(currency="EUR", approvers=(boss,)),
            rule(currency="EUR", from_major=10_000, approvers=(chief,)),
            rule(currency="USD", from_major=12_000),
        ),
    )
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    assert asked.terms.rule.approvers == (chief,)


def test_two_rules_that_contradict_each_other_are_no_policy():
    with pytest.raises(ValidationError, match="two rules of the same kind"):
        ApprovalPolicy(rules=(rule(), rule(respond_hours=3)))


def test_approvers_in_turn_speak_one_after_the_other_each_a_different_person(office):
    publish(office, policy(rule(approvers=(LEADERS, Approver(role=Role.APPROVER), LEADERS))))
    decision = office.decided(BILL, **WRITE_OFF)
    (asked,) = requests(office, decision.id)
    with pytest.raises(NotAskedError, match="waits for operations leader"):
        say(office, asked, APPROVER)
    say(office, asked, LEADER)
    with pytest.raises(NotAskedError, match="given your word"):
        say(office, asked, LEADER)
    with pytest.raises(NotAskedError, match="waits for approver"):
        say(office, asked, OTHER_LEADER)
    say(office, asked, APPROVER)
    assert office.enqueued() == []
    assert say(office, asked, OTHER_LEADER).status is ApprovalStatus.APPROVED
    assert office.case(decision.case_id).status is CaseStatus.DECIDED


def test_approvers_in_any_order_speak_as_they_come(office):
    both = (LEADERS, Approver(role=Role.APPROVER))
    publish(office, policy(rule(approvers=both, is_in_turn=False)))
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    say(office, asked, APPROVER)
    assert say(office, asked, LEADER).status is ApprovalStatus.APPROVED


def test_nobody_approves_their_own_decision_nor_the_database_takes_it(office):
    publish(office, policy(rule(approvers=(Approver(role=Role.APPROVER),))))
    decision = office.decided(BILL, APPROVER, **WRITE_OFF)
    (asked,) = requests(office, decision.id)
    with pytest.raises(NotAskedError, match="your own decision"):
        say(office, asked, APPROVER)
    own = ApprovalWord(
        place=0, person_id=APPROVER.id, in_place_of_id=None, is_approved=True, note="",
        at=office.clock.now(),
    )  # fmt: skip
    with pytest.raises((IntegrityError, DatabaseError), match="two_people"):
        office.run(lambda uow: uow.approvals.add_word(asked.id, own))


def test_a_second_verdict_comes_first_and_whoever_gave_it_does_not_approve(office):
    publish(office, policy(rule(approvers=(Approver(role=Role.APPROVER),))))
    decision = office.decided(milestone(amount_minor=60_000_00), **WRITE_OFF)
    assert office.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE
    (planned,) = requests(office, decision.id)
    with pytest.raises(ApprovalSettledError):
        say(office, planned, CHIEF)
    second = office.sign(decision, APPROVER)
    assert office.case(decision.case_id).status is CaseStatus.AWAITING_APPROVAL
    (asked,) = requests(office, decision.id)
    assert requests(office, second.id)[0].status is ApprovalStatus.WITHDRAWN
    with pytest.raises(NotAskedError, match="your own decision"):
        say(office, asked, APPROVER)
    say(office, asked, CHIEF)
    assert office.enqueued() == [("conclude", decision.id, 30.0)]


def test_a_no_needs_a_reason_and_sends_the_case_back_to_the_queue(office):
    publish(office, policy(rule()))
    decision = office.decided(BILL, **WRITE_OFF)
    (asked,) = requests(office, decision.id)
    with pytest.raises(InvalidRequestError, match="say why"):
        say(office, asked, LEADER, yes=False)
    say(office, asked, LEADER, yes=False, note="The client still pays this")
    assert office.case(decision.case_id).status is CaseStatus.OPEN
    assert office.run(lambda uow: uow.decisions.is_undone(decision.id))
    assert office.enqueued() == []
    assert told(office, REVIEWER, NotificationKind.RETURNED) == 1
    with pytest.raises(ApprovalSettledError):
        say(office, asked, OTHER_LEADER)


def test_a_decision_under_two_rules_needs_both(office):
    publish(
        office,
        policy(
            rule(ApprovalKind.RATE_EXCEPTION),
            rule(ApprovalKind.NON_BILLABLE, approvers=(Approver(role=Role.ADMIN),)),
        ),
    )
    office.scorer.says(BILL.item_id, **(REVIEW | {"findings": (finding(),)}))
    decision = office.decided(BILL, approved_minor=10_000_00, **ADJUST)
    left_out, rate = requests(office, decision.id)
    say(office, rate, LEADER)
    assert office.postings(BILL.item_id) == []
    say(office, left_out, ADMIN)
    (posting,) = office.postings(BILL.item_id)
    assert posting.total_minor == 10_000_00


def test_taking_the_decision_back_withdraws_the_request(office):
    publish(office, policy(rule()))
    decision = office.decided(BILL, **WRITE_OFF)
    office.undo(decision)
    (asked,) = requests(office, decision.id)
    assert asked.status is ApprovalStatus.WITHDRAWN
    assert office.case(decision.case_id).status is CaseStatus.OPEN
    with pytest.raises(ApprovalSettledError):
        say(office, asked, LEADER)


def test_a_newer_version_of_the_item_withdraws_the_request(office):
    publish(office, policy(rule()))
    decision = office.decided(BILL, **WRITE_OFF)
    office.assess(BILL.model_copy(update={"amount_minor": 21_000_00}))
    assert requests(office, decision.id)[0].status is ApprovalStatus.WITHDRAWN
    assert office.case(decision.case_id).status is CaseStatus.OPEN


def test_the_owner_of_the_client_is_asked_and_while_away_their_deputy(office):
    publish(office, policy(rule(approvers=(OWNER,)), owners={"acme": LEADER.id}))
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    with pytest.raises(NotAskedError, match="waits for Lena Leader"):
        say(office, asked, OTHER_LEADER)
    now = office.clock.now()
    employ(
        office, LEADER, absent_from=now - timedelta(days=1), absent_until=now + timedelta(days=1),
        deputy_id=OTHER_LEADER.id,
    )  # fmt: skip
    done = say(office, asked, OTHER_LEADER)
    assert done.status is ApprovalStatus.APPROVED
    assert done.words[0].in_place_of_id == LEADER.id


def test_a_deputy_of_somebody_who_decided_has_no_word_in_their_place(office):
    publish(office, policy(rule(approvers=(Approver(role=Role.APPROVER),))))
    decision = office.decided(BILL, APPROVER, **WRITE_OFF)
    now = office.clock.now()
    employ(
        office, APPROVER, absent_from=now, absent_until=now + timedelta(days=1),
        deputy_id=LEADER.id,
    )  # fmt: skip
    with pytest.raises(NotAskedError, match="waits for approver"):
        say(office, requests(office, decision.id)[0], LEADER)


def test_without_an_owner_of_the_client_the_role_is_asked(office):
    publish(office, policy(rule(approvers=(OWNER,)), owners={"somebody-else": APPROVER.id}))
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    assert say(office, asked, OTHER_LEADER).status is ApprovalStatus.APPROVED


def test_people_are_reminded_then_others_may_answer_and_nothing_is_approved_by_time(office):
    publish(office, policy(rule(remind_hours=4, respond_hours=10, escalate_to=Role.ADMIN)))
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    assert told(office, LEADER) == told(office, OTHER_LEADER) == 1
    office.clock.forward(hours=5)
    assert (chase(office).reminded, chase(office).reminded) == (1, 0)
    assert (told(office, LEADER), told(office, ADMIN)) == (2, 0)
    with pytest.raises(NotAskedError):
        say(office, asked, ADMIN)
    office.clock.forward(hours=6)
    assert (chase(office).escalated, chase(office).escalated) == (1, 0)
    assert told(office, ADMIN, NotificationKind.CASE_LATE) == 1
    office.clock.forward(days=30)
    for _ in range(5):
        chase(office)
    (late,) = requests(office, asked.decision_id)
    assert late.status is ApprovalStatus.WAITING
    assert say(office, late, ADMIN).status is ApprovalStatus.APPROVED
    (entry,) = office.audited(AuditEvent.APPROVAL_ESCALATED)
    assert entry["facts"]["to"] == Role.ADMIN


def test_response_times_run_in_working_hours(workplace):
    employ(workplace, LEADER)
    told_policy = policy(rule(respond_hours=16))
    standard = type(told_policy)().working_hours
    publish(workplace, told_policy.model_copy(update={"working_hours": standard}))
    (asked,) = requests(workplace, workplace.decided(BILL, **WRITE_OFF).id)
    # Monday 9 to 18 are nine hours, Tuesday 8 to 15 the other seven.
    assert asked.due_at == workplace.clock.now() + timedelta(days=1, hours=6)


def test_what_lies_behind_a_wall_waits_for_nobody_outside(office):
    publish(office, policy(rule()))
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    outside = replace(LEADER, wall=Wall(client_ids=frozenset({"other"})))
    with pytest.raises(NotFoundError):
        say(office, asked, outside)
    with pytest.raises(NotAllowedError):
        say(office, asked, WORKFLOW)
    with pytest.raises(NotAskedError, match="training"):
        say(office, asked, replace(LEADER, is_trainee=True))


def test_a_word_once_given_is_never_changed(office):
    publish(office, policy(rule()))
    (asked,) = requests(office, office.decided(BILL, **WRITE_OFF).id)
    say(office, asked, LEADER)
    for statement in ("UPDATE approval_word SET is_approved = 0", "DELETE FROM approval_word"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            office.open_work.engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
