"""Blind second reviews: drawn by coin, without effect, settled by agreement or a third person."""

from __future__ import annotations

import pytest

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    Lane,
    PostingStatus,
    ReasonCode,
    ScoreExposure,
    Verdict,
)
from service.domain.errors import NotFoundError
from service.domain.known_answer import AnswerSource
from service.domain.second_looks import double_propensity
from service.domain.wall import OPEN_WALL
from service.usecases.deciding.adjudicate_case import adjudicate_case
from service.usecases.learning.export_training_set import export_training_set
from service.usecases.queue.see_case import see_case
from service.usecases.upkeep.sweep_cases import sweep_cases
from service.wire.deciding import AdjudicationRequest
from tests.builders.decisions import decision
from tests.builders.items import milestone, timesheet
from tests.builders.service import (
    APPROVER,
    COLLEAGUE,
    REVIEWER,
    UNDO_WINDOW,
    always,
    case,
    never,
)

REFUSED = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.MISCODED,)}


def _doubled(workplace, item=None, **overrides):
    """Decide an item, let the coin open a second look, and give both."""
    first = workplace.decided(item or timesheet(), **overrides)
    workplace.coin = always
    workplace.clock.forward(seconds=31)
    workplace.conclude(first)
    workplace.coin = never
    (double,) = workplace.run(lambda uow: uow.cases.repeats(first.case_id))
    return first, double


def _second(workplace, double, **overrides):
    (claimed,) = workplace.claim_next(COLLEAGUE)
    assert claimed.id == double.id
    second = workplace.decide(claimed, COLLEAGUE, **overrides)
    workplace.clock.forward(seconds=31)
    assert workplace.conclude(second) is None
    return second


def _sweep(workplace):
    return workplace.run(lambda uow: sweep_cases(context=workplace.context(uow)))


def test_the_coin_opens_a_second_look_that_carries_the_dates_of_the_first(workplace):
    first, double = _doubled(workplace)
    original = workplace.case(first.case_id)
    assert (double.lane, double.status) == (Lane.DOUBLE, CaseStatus.OPEN)
    assert (double.opened_at, double.due_at, double.item_seq) == (
        original.opened_at,
        original.due_at,
        original.item_seq,
    )
    policy = STANDARD_REVIEW_POLICY
    assert double.propensity == pytest.approx(double_propensity(original, first, policy=policy))
    workplace.coin = always
    workplace.conclude(first)
    assert len(workplace.run(lambda uow: uow.cases.repeats(first.case_id))) == 1


def test_a_second_look_shows_a_bill_while_it_can_be_taken_back_and_none_ever_after(workplace):
    _, double = _doubled(workplace)
    (claimed,) = workplace.claim_next(COLLEAGUE)
    second = workplace.decide(claimed, COLLEAGUE)
    assert second.case_id == double.id
    window = {"wall": OPEN_WALL, "undo_window": UNDO_WINDOW}
    seen = workplace.screens.decision(second.id, now=workplace.clock.now(), **window)
    assert seen.posting is PostingStatus.PENDING
    workplace.clock.forward(seconds=UNDO_WINDOW.total_seconds())
    seen = workplace.screens.decision(second.id, now=workplace.clock.now(), **window)
    assert seen.posting is None


def test_who_decided_first_never_gets_it_nor_finds_it(workplace):
    _, double = _doubled(workplace)
    assert workplace.claim_next(REVIEWER) == []
    with pytest.raises(NotFoundError):
        workplace.claim(double.id, REVIEWER)
    with pytest.raises(NotFoundError):
        workplace.run(lambda uow: see_case(double.id, actor=REVIEWER, uow=uow))


def test_nobody_takes_a_second_look_by_name(workplace):
    _, double = _doubled(workplace)
    with pytest.raises(NotFoundError):
        workplace.claim(double.id, COLLEAGUE)


def test_a_second_verdict_moves_no_money_and_is_no_fact(workplace):
    _, double = _doubled(workplace)
    postings, facts = workplace.postings("test:TS-1"), workplace.run(lambda uow: uow.facts.since(0))
    second = _second(workplace, double)
    assert second.lane is Lane.DOUBLE
    assert not second.is_score_shown
    assert workplace.postings("test:TS-1") == postings
    assert workplace.run(lambda uow: uow.facts.since(0)) == facts
    assert workplace.case(double.id).status is CaseStatus.DECIDED


def test_two_who_agree_make_an_answer_known_once_the_undo_window_is_over(workplace):
    _, double = _doubled(workplace)
    (claimed,) = workplace.claim_next(COLLEAGUE)
    second = workplace.decide(claimed, COLLEAGUE)
    assert _sweep(workplace).known == 0
    workplace.clock.forward(seconds=31)
    workplace.conclude(second)
    assert _sweep(workplace).known == 1
    assert _sweep(workplace).known == 0
    (answer,) = workplace.run(lambda uow: uow.known_answers.in_force())
    assert (answer.item_seq, answer.is_faulty) == (double.item_seq, False)
    assert answer.source is AnswerSource.AGREED


def test_two_who_differ_are_settled_by_a_third_and_only_then_known(workplace):
    first, double = _doubled(workplace)
    second = _second(workplace, double, **REFUSED)
    waiting = workplace.case(double.id)
    assert waiting.status is CaseStatus.AWAITING_ADJUDICATION
    assert _sweep(workplace).known == 0
    ruling = AdjudicationRequest(version=waiting.version, stands=second.id, note="Miscoded indeed.")
    workplace.run(
        lambda uow: adjudicate_case(
            double.id, ruling, actor=APPROVER, context=workplace.context(uow)
        )
    )
    assert _sweep(workplace).known == 1
    (answer,) = workplace.run(lambda uow: uow.known_answers.in_force())
    assert (answer.is_faulty, answer.source) == (True, AnswerSource.ADJUDICATED)
    # The first verdict billed the item, and the ruling on the label does not take that back.
    (posting,) = workplace.postings("test:TS-1")
    assert posting.decision_id == first.id


def test_everybody_who_judged_is_a_rater_and_the_item_counts_as_billed(workplace):
    first, double = _doubled(workplace)
    _second(workplace, double, **REFUSED)
    waiting = workplace.case(double.id)
    ruling = AdjudicationRequest(version=waiting.version, stands=first.id, note="Fine.")
    workplace.run(
        lambda uow: adjudicate_case(
            double.id, ruling, actor=APPROVER, context=workplace.context(uow)
        )
    )
    rows = workplace.run(
        lambda uow: export_training_set(
            uow=uow, until=workplace.clock.now(), rater_of=str, cut_off_day=5
        )
    )
    judged = [(row.rater, any(row.answers.values())) for row in rows if row.rater]
    assert judged == [(REVIEWER.id, False), (COLLEAGUE.id, True), (APPROVER.id, False)]


def test_a_second_look_is_without_the_score(workplace):
    _doubled(workplace)
    (claimed,) = workplace.claim_next(COLLEAGUE)
    told = workplace.run(lambda uow: uow.exposures.find(claimed, actor_id=COLLEAGUE.id))
    assert (told.score, told.propensity) == (ScoreExposure.HIDDEN, 1.0)


@pytest.mark.parametrize(
    "decided",
    [
        {"verdict": Verdict.ESCALATE},
        {"needs_second": "large"},
        {"bulk_id": "bulk-1"},
        {"supersedes_id": "dec-0"},
    ],
)
def test_what_is_no_first_word_of_one_person_is_not_looked_at_twice(decided):
    one = case()
    assert double_propensity(one, decision(one, **decided), policy=STANDARD_REVIEW_POLICY) == 0.0


def test_larger_amounts_are_looked_at_more_often_until_two_people_decide_anyway():
    policy = STANDARD_REVIEW_POLICY
    drawn = [
        double_propensity(one, decision(one), policy=policy)
        for one in (case(amount_minor=major * 100) for major in (500, 5_000, 20_000, 25_000))
    ]
    base = 0.05 / 0.81  # the lane of doubles over the lanes it is drawn from
    assert drawn == pytest.approx([0.75 * base, base, 1.5 * base, 0.0])


def test_the_trail_names_the_case_and_the_stratum_of_a_second_look(workplace):
    first, double = _doubled(workplace, milestone(amount_minor=20_000_00))
    opened = workplace.audited(AuditEvent.CASE_OPENED)[-1]
    assert opened["subject"] == double.id
    assert (opened["facts"]["repeats"], opened["facts"]["stratum"]) == (
        first.case_id,
        "milestone:2",
    )
