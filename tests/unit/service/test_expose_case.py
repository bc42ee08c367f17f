"""What people are told of the models' opinion: drawn once, kept, and said in the decision."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.review_policy import STANDARD_REVIEW_POLICY, ReviewPolicy
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, ScoreExposure, Verdict
from service.domain.errors import StaleLeaseError, WrongStateError
from service.domain.exposure import draw_exposure
from service.scoring.coin import Coin
from service.usecases.queue.call_first import call_first
from service.usecases.queue.expose_case import view_case
from tests.builders.items import milestone, timesheet
from tests.builders.service import APPROVER, AUDITOR, COLLEAGUE, REVIEWER, case, never
from tests.fakes.clock import MONDAY_MORNING


def middling(_name):
    """A coin after which people make their own call first, with the standard policy."""
    return 0.15


def _draw(one, *, actor=REVIEWER, policy=STANDARD_REVIEW_POLICY, coin=never):
    return draw_exposure(one, actor=actor, policy=policy, coin=coin, now=MONDAY_MORNING)


@given(
    hidden=st.floats(0, 0.5),
    first=st.floats(0, 0.5),
    point=st.floats(0, 1, exclude_max=True),
    amount=st.integers(0, 10**8),
    lane=st.sampled_from(Lane),
    status=st.sampled_from(CaseStatus),
)
def test_every_draw_has_a_probability(hidden, first, point, amount, lane, status):
    policy = ReviewPolicy(hidden_score_share=hidden, own_call_share=first)
    one = case(amount_minor=amount, lane=lane, status=status)
    drawn = _draw(one, policy=policy, coin=lambda _: point)
    assert 0.0 < drawn.propensity <= 1.0


def test_the_probabilities_are_what_comes_out():
    policy, coin = ReviewPolicy(hidden_score_share=0.2, own_call_share=0.25), Coin(b"seed")
    drawn = [_draw(case(id=f"C-{n:06}"), policy=policy, coin=coin) for n in range(6_000)]
    count = Counter(one.score for one in drawn)
    stated = {one.score: one.propensity for one in drawn}
    assert stated == {
        ScoreExposure.HIDDEN: pytest.approx(0.2),
        ScoreExposure.AFTER_OWN_CALL: pytest.approx(0.2),  # (1 - 0.2) x 0.25
        ScoreExposure.SHOWN: pytest.approx(0.6),
    }
    for score, propensity in stated.items():
        # 6,000 draws have a standard deviation of at most 0.65 points.
        assert count[score] / len(drawn) == pytest.approx(propensity, abs=0.03)


def test_blind_work_and_second_opinions_are_always_without_the_score():
    for one in (case(lane=Lane.DOUBLE), case(status=CaseStatus.AWAITING_SIGNATURE)):
        drawn = _draw(one)
        assert (drawn.score, drawn.propensity) == (ScoreExposure.HIDDEN, 1.0)


def test_on_large_money_people_call_first_unless_they_are_never_told():
    large = case(amount_minor=30_000_00)
    assert _draw(large).score is ScoreExposure.AFTER_OWN_CALL
    assert _draw(large, coin=lambda _: 0.05).score is ScoreExposure.HIDDEN
    assert _draw(large).propensity == pytest.approx(0.9)


def test_who_decides_nothing_is_told_everything():
    assert _draw(case(lane=Lane.DOUBLE), actor=AUDITOR).score is ScoreExposure.SHOWN


def test_what_a_person_was_told_is_drawn_once_and_anew_for_a_new_version(workplace):
    workplace.coin = middling
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    workplace.release(claimed)
    workplace.coin = never
    again = workplace.claim(claimed.id)
    assert _told(workplace, again).score is ScoreExposure.AFTER_OWN_CALL
    workplace.assess(timesheet(entries=timesheet().entries[:4]))
    raised = workplace.claim(claimed.id)
    assert _told(workplace, raised).score is ScoreExposure.SHOWN


def _told(workplace, one, actor=REVIEWER):
    return workplace.run(lambda uow: uow.exposures.find(one, actor_id=actor.id))


def _call(workplace, claimed, *, verdict=Verdict.REJECT, actor=REVIEWER):
    return workplace.run(
        lambda uow: call_first(
            claimed.id,
            token=claimed.lease_token,
            verdict=verdict,
            actor=actor,
            uow=uow,
            now=workplace.clock.now(),
        )
    )


def test_the_own_call_stands_beside_the_decision_and_is_not_changed_afterwards(workplace):
    workplace.coin = middling
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    _call(workplace, claimed)
    _call(workplace, claimed, verdict=Verdict.APPROVE)
    decision = workplace.decide(claimed)
    assert (decision.own_verdict, decision.verdict) == (Verdict.REJECT, Verdict.APPROVE)
    assert decision.is_score_shown
    assert decision.exposure_propensity == pytest.approx(0.09)  # (1 - 0.1) x 0.1
    assert len(workplace.audited(AuditEvent.OWN_CALL_GIVEN)) == 1


def test_who_decides_without_calling_first_was_told_nothing(workplace):
    workplace.coin = middling
    decision = workplace.decide(workplace.claim(workplace.open_case(timesheet()).id))
    assert not decision.is_score_shown
    assert decision.own_verdict is Verdict.APPROVE


def test_a_score_that_was_hidden_is_not_said_to_have_been_shown(workplace):
    workplace.coin = lambda _: 0.0
    decision = workplace.decide(
        workplace.claim(workplace.open_case(timesheet()).id), is_score_shown=True
    )
    assert not decision.is_score_shown
    assert decision.exposure_propensity == pytest.approx(0.1)


def test_no_call_is_taken_without_a_hold_or_where_none_is_asked(workplace):
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    with pytest.raises(StaleLeaseError):
        _call(workplace, claimed, actor=COLLEAGUE)
    with pytest.raises(WrongStateError):
        _call(workplace, claimed)


def test_a_look_of_a_second_person_at_large_money_is_blind(workplace):
    large = workplace.decided(milestone(amount_minor=60_000_00))
    told = workplace.run(
        lambda uow: view_case(
            large.case_id, actor=APPROVER, uow=uow, coin=never, now=workplace.clock.now()
        )
    )
    assert told.score is ScoreExposure.HIDDEN
