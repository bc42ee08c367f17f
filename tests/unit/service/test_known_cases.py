"""Cases with a known answer: shown unseen to people who never met them, and told afterwards."""

from __future__ import annotations

import pytest

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    ItemKind,
    Lane,
    ReasonCode,
    Role,
    Verdict,
)
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError, NotAllowedError, NotFoundError, TooLateError
from service.domain.wall import Wall
from service.ports.blind_stores import ErrorCount
from service.usecases.queue.name_known_case import end_known_case, name_known_case
from service.usecases.queue.show_known_case import known_case_for
from service.wire.known_cases import KnownCaseRequest
from tests.builders.items import milestone, timesheet
from tests.builders.service import APPROVER, AUDITOR, COLLEAGUE, REVIEWER, always, never

REFUSED = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.MISCODED,)}
CHEMIST = Actor(
    id="cleo", name="C", roles=frozenset({Role.REVIEWER}),
    wall=Wall(client_ids=frozenset({"other"})),
)  # fmt: skip


def _name(workplace, case_id, *, actor=APPROVER, is_faulty=True):
    request = KnownCaseRequest(case_id=case_id, is_faulty=is_faulty, why="Booked on two projects.")
    return workplace.run(
        lambda uow: name_known_case(
            request, actor=actor, uow=uow, now=workplace.clock.now(), ids=workplace.ids
        )
    )


def _known(workplace, **overrides):
    return _name(workplace, workplace.decided(timesheet(), **overrides).case_id)


def _met(workplace, actor=COLLEAGUE):
    """Ordinary work waits beside a known answer, and the coin names the lane."""
    workplace.open_case(timesheet(external_id="TS-work"))
    (claimed,) = workplace.claim_next(actor, coin=always)
    return claimed


def test_a_known_answer_is_shown_to_a_person_who_never_met_it(workplace):
    answer = _known(workplace)
    claimed = _met(workplace)
    assert (claimed.lane, claimed.item_seq) == (Lane.GOLD, answer.item_seq)
    assert claimed.reserved_for_id == COLLEAGUE.id
    seeded = workplace.audited(AuditEvent.CASE_SEEDED)[-1]
    assert (seeded["subject"], seeded["facts"]["case"]) == (answer.id, claimed.id)


def test_it_is_shown_once_to_each_and_never_to_who_decided_it(workplace):
    _known(workplace)
    claimed = _met(workplace)
    workplace.decide(claimed, COLLEAGUE)
    assert workplace.claim_next(COLLEAGUE, coin=always)[0].lane is Lane.INDEX
    workplace.open_case(timesheet(external_id="TS-more"))
    assert workplace.claim_next(REVIEWER, coin=always)[0].lane is Lane.INDEX


@pytest.mark.parametrize("actor", [APPROVER, AUDITOR, CHEMIST])
def test_it_is_not_for_those_who_name_answers_judge_the_desk_or_stand_behind_a_wall(
    workplace, actor
):
    _known(workplace)
    draft = workplace.run(
        lambda uow: known_case_for(actor, uow=uow, policy=STANDARD_REVIEW_POLICY, coin=always)
    )
    assert draft is None


def test_where_nothing_else_waits_nobody_practises(workplace):
    _known(workplace)
    assert workplace.claim_next(COLLEAGUE, coin=always) == []


def test_another_person_does_not_find_the_copy(workplace):
    _known(workplace)
    claimed = _met(workplace)
    with pytest.raises(NotFoundError):
        workplace.claim(claimed.id, REVIEWER)


def test_a_verdict_on_it_moves_nothing_and_is_counted(workplace):
    answer = _known(workplace)
    claimed = _met(workplace)
    before = workplace.postings("test:TS-1")
    decision = workplace.decide(claimed, COLLEAGUE)
    workplace.clock.forward(seconds=31)
    assert workplace.conclude(decision) is None
    assert workplace.postings("test:TS-1") == before
    met = workplace.run(lambda uow: uow.known_answers.met())
    assert met == {answer.item_seq: ErrorCount(wrong=1, known=1)}
    assert answer.feedback(decision.verdict).startswith("Not this time")
    assert answer.feedback(Verdict.REJECT).startswith("Right")


def test_whoever_was_told_the_answer_cannot_judge_again(workplace):
    _known(workplace)
    decision = workplace.decide(_met(workplace), COLLEAGUE)
    with pytest.raises(TooLateError, match="was told"):
        workplace.undo(decision, COLLEAGUE)


def test_an_ended_answer_is_shown_no_more_and_what_it_measured_stays(workplace):
    answer = _known(workplace)
    workplace.decide(_met(workplace), COLLEAGUE, **REFUSED)
    for _ in range(2):
        workplace.run(
            lambda uow: end_known_case(
                answer.id, actor=APPROVER, uow=uow, now=workplace.clock.now()
            )
        )
    assert workplace.run(lambda uow: uow.known_answers.in_force()) == []
    assert workplace.run(lambda uow: uow.known_answers.met())[answer.item_seq].known == 1


def test_naming_it_again_gives_the_first(workplace):
    answer = _known(workplace)
    again = _name(workplace, workplace.case("C-000001").id, is_faulty=False)
    assert again == answer


def test_what_two_people_decide_or_nobody_decided_is_no_practice(workplace):
    waiting = workplace.open_case(timesheet(external_id="TS-9"))
    with pytest.raises(InvalidRequestError, match="is open"):
        _name(workplace, waiting.id)
    large = workplace.decided(
        milestone(amount_minor=30_000_00),
        verdict=Verdict.WRITE_OFF,
        reason_codes=(ReasonCode.LATE,),
    )
    with pytest.raises(InvalidRequestError, match="two people decide"):
        _name(workplace, large.case_id)


@pytest.mark.parametrize("actor", [REVIEWER, AUDITOR])
def test_only_approvers_and_administrators_name_answers(workplace, actor):
    decided = workplace.decided(timesheet())
    with pytest.raises(NotAllowedError):
        _name(workplace, decided.case_id, actor=actor)


def test_the_errors_of_a_group_are_those_of_its_members(workplace):
    _account(workplace, COLLEAGUE, is_trainee=False)
    _known(workplace)
    workplace.decide(_met(workplace), COLLEAGUE)

    def errors(*, is_trainee):
        return workplace.run(lambda uow: uow.known_answers.errors(is_trainee=is_trainee))

    assert errors(is_trainee=False) == {ItemKind.TIMESHEET: ErrorCount(wrong=1, known=1)}
    assert errors(is_trainee=True) == {}


def _account(workplace, actor, *, is_trainee):
    workplace.run(
        lambda uow: uow.accounts.save(
            Account(
                person_id=actor.id, login=actor.id, name=actor.name, password_hash="x",
                roles=actor.roles, is_trainee=is_trainee,
            )
        )
    )  # fmt: skip


def test_a_copy_waits_for_its_person_when_given_back(workplace):
    _known(workplace)
    claimed = _met(workplace)
    workplace.release(claimed, COLLEAGUE)
    assert workplace.case(claimed.id).status is CaseStatus.OPEN
    assert [one.lane for one in workplace.claim_next(REVIEWER, count=5)] == [Lane.INDEX]
    assert Lane.GOLD in {one.lane for one in workplace.claim_next(COLLEAGUE, count=5, coin=never)}
