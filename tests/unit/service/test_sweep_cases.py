"""What time does to cases, once each, and never in a circle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.review_policy import ReviewPolicy, TimeoutRule
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    PostingStatus,
    ReasonCode,
    TimeoutAction,
    Verdict,
)
from service.domain.errors import InvalidRequestError, StaleLeaseError
from service.usecases.learning.export_training_set import export_training_set
from service.usecases.queue.snooze_case import snooze_case
from service.usecases.upkeep.sweep_cases import Swept, sweep_cases
from tests.builders.items import milestone, timesheet, week
from tests.builders.policies import publish
from tests.builders.service import APPROVER, COLLEAGUE, REVIEWER
from tests.fakes.scorer import CHECK, finding

NOTHING = Swept(lapsed=0, woken=0, timed_out=0, known=0)
APPLY = ReviewPolicy(timeouts=(TimeoutRule(on_timeout=TimeoutAction.APPLY_MODEL),))
HOLD = ReviewPolicy(timeouts=(TimeoutRule(on_timeout=TimeoutAction.HOLD_INVOICE),))


def _sweep(workplace):
    return workplace.run(lambda uow: sweep_cases(context=workplace.context(uow)))


def _pass(workplace, **time):
    workplace.clock.forward(seconds=timedelta(**time).total_seconds())
    return _sweep(workplace)


def _snooze(workplace, claimed, *, days=2, reason="The client's order is missing.", actor=REVIEWER):
    return workplace.run(
        lambda uow: snooze_case(
            claimed.id,
            token=claimed.lease_token,
            until=workplace.clock.now() + timedelta(days=days),
            reason=reason,
            actor=actor,
            uow=uow,
            now=workplace.clock.now(),
        )
    )


def test_a_hold_that_ran_out_gives_its_case_back_once(workplace):
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    assert _sweep(workplace) == NOTHING
    assert _pass(workplace, minutes=31).lapsed == 1
    assert _sweep(workplace) == NOTHING
    back = workplace.case(claimed.id)
    assert (back.status, back.lease) == (CaseStatus.OPEN, None)


def test_a_case_put_off_comes_back_on_its_day_before_others_and_says_why(workplace):
    small = workplace.open_case(timesheet(entries=week()[:1]))
    large = workplace.open_case(timesheet(external_id="TS-2"))
    asleep = _snooze(workplace, workplace.claim(small.id))
    assert asleep.status is CaseStatus.SNOOZED
    assert workplace.claim_next(COLLEAGUE)[0].id == large.id
    assert _pass(workplace, days=1).woken == 0
    assert _pass(workplace, days=1, minutes=1).woken == 1
    (awake,) = workplace.claim_next()
    assert (awake.id, awake.boost) == (small.id, "Put off: The client's order is missing.")
    assert awake.due_at > workplace.clock.now()


def test_a_case_put_off_can_be_taken_up_by_name_before_its_day(workplace):
    asleep = _snooze(workplace, workplace.claim(workplace.open_case(timesheet()).id))
    taken = workplace.claim(asleep.id, COLLEAGUE)
    assert (taken.status, taken.snoozed_until) == (CaseStatus.CLAIMED, None)


@pytest.mark.parametrize("spoilt", [{"days": 0}, {"days": -1}, {"days": 91}, {"reason": "  "}])
def test_a_case_is_put_off_until_a_day_that_comes_soon_and_with_a_reason(workplace, spoilt):
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    with pytest.raises(InvalidRequestError):
        _snooze(workplace, claimed, **spoilt)


def test_nobody_puts_off_what_a_colleague_holds(workplace):
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    with pytest.raises(StaleLeaseError):
        _snooze(workplace, claimed, actor=COLLEAGUE)


def test_a_newer_version_worth_more_wakes_a_case_and_a_lesser_one_does_not(workplace):
    asleep = _snooze(workplace, workplace.claim(workplace.open_case(timesheet()).id))
    workplace.assess(timesheet(entries=week()[:3]))
    still = workplace.case(asleep.id)
    assert (still.status, still.snoozed_until) == (CaseStatus.SNOOZED, asleep.snoozed_until)
    workplace.scorer.says("test:TS-1", findings=(finding(),), risk_minor=40_000_00)
    workplace.assess(timesheet(entries=week()[:4]))
    awake = workplace.case(asleep.id)
    assert (awake.status, awake.snoozed_until) == (CaseStatus.OPEN, None)


def test_what_nobody_answers_is_escalated_once_then_held_and_then_left_alone(workplace):
    waiting = workplace.open_case(timesheet())
    assert _pass(workplace, days=2).timed_out == 1
    escalated = workplace.case(waiting.id)
    assert (escalated.status, escalated.timeouts) == (CaseStatus.ESCALATED, 1)
    assert _sweep(workplace) == NOTHING
    assert _pass(workplace, days=4).timed_out == 1
    assert workplace.case(waiting.id).status is CaseStatus.HELD
    assert _pass(workplace, days=30) == NOTHING
    actions = [one["facts"]["action"] for one in workplace.audited(AuditEvent.CASE_TIMED_OUT)]
    assert actions == ["escalate", "hold_invoice"]


def test_an_escalated_case_goes_to_an_approver_before_other_work(workplace):
    escalated = workplace.open_case(timesheet(entries=week()[:1]))
    _pass(workplace, days=2)
    work = workplace.open_case(timesheet(external_id="TS-2"))
    assert workplace.claim_next(REVIEWER)[0].id == work.id
    assert workplace.claim_next(APPROVER)[0].id == escalated.id


def test_what_somebody_escalated_does_not_come_back_to_them(workplace):
    claimed = workplace.claim(workplace.open_case(timesheet()).id, APPROVER)
    workplace.decide(
        claimed, APPROVER, verdict=Verdict.ESCALATE, reason_codes=(ReasonCode.OVER_LIMIT,)
    )
    assert workplace.claim_next(APPROVER) == []


def test_policy_may_hold_at_once(workplace):
    publish(workplace, HOLD)
    waiting = workplace.open_case(timesheet())
    _pass(workplace, days=2)
    assert workplace.case(waiting.id).status is CaseStatus.HELD


def test_policy_may_let_a_sure_model_answer_and_nobody_learns_from_it(workplace):
    publish(workplace, APPLY)
    waiting = workplace.open_case(timesheet(), violation_probability=0.02)
    _pass(workplace, days=2)
    assert workplace.case(waiting.id).status is CaseStatus.DECIDED
    (posting,) = workplace.postings("test:TS-1")
    assert posting.status is PostingStatus.PENDING
    decision = workplace.run(lambda uow: uow.decisions.last_of_case(waiting.id))
    facts = workplace.run(lambda uow: uow.facts.since(0))
    assert workplace.conclude(decision) == posting.id
    assert workplace.run(lambda uow: uow.facts.since(0)) == facts
    rows = workplace.run(
        lambda uow: export_training_set(
            uow=uow, until=workplace.clock.now(), rater_of=str, cut_off_day=5
        )
    )
    assert [row.rater for row in rows if row.answers and row.rater] == []


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (timesheet(), {"violation_probability": 0.5}),
        (timesheet(), {"violation_probability": None}),
        (timesheet(), {"violation_probability": 0.01, "findings": (finding(),)}),
        (milestone(amount_minor=50_000_00), {"violation_probability": 0.01}),
        (milestone(is_ready_to_bill=False), {"violation_probability": 0.01}),
    ],
)
def test_a_model_never_bills_what_it_doubts_a_rule_proved_or_two_people_decide(
    workplace, item, said
):
    publish(workplace, APPLY)
    waiting = workplace.open_case(item, **said)
    _pass(workplace, days=2)
    assert workplace.case(waiting.id).status is CaseStatus.ESCALATED
    assert workplace.postings(item.item_id) == []


def test_a_model_never_answers_the_check_of_its_own_word(workplace):
    publish(workplace, APPLY)
    check = workplace.open_case(timesheet(), **CHECK)
    _pass(workplace, days=2)
    assert workplace.case(check.id).status is CaseStatus.ESCALATED
