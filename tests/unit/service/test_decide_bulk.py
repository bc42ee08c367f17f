"""Several cases at once: what takes part, what is left out and why, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    PostingStatus,
    ReasonCode,
    Role,
    Verdict,
)
from service.domain.actor import Actor
from service.domain.errors import (
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    TooLateError,
)
from service.domain.wall import Wall
from service.usecases.deciding.decide_bulk import decide_bulk, revert_bulk
from service.usecases.deciding.sort_out_bulk import preview_bulk
from service.usecases.learning.export_training_set import export_training_set
from service.wire.deciding import BulkCase, BulkRequest
from tests.builders.items import entry, milestone, timesheet
from tests.builders.service import AUDITOR, COLLEAGUE, REVIEWER, WORKFLOW

APPROVE = {"verdict": Verdict.APPROVE, "reason_codes": (ReasonCode.CLAUSE_SATISFIED,)}


@pytest.fixture
def shown(workplace):
    """Opens the case of an item, lets a person look at it, and gives it as it is shown."""

    def show(item, *, to=REVIEWER):
        case = workplace.open_case(item)
        return workplace.release(workplace.claim(case.id, to), to)

    return show


def _sheet(number, *, minutes=60):
    row = entry(id=f"E-{number}", minutes_worked=minutes, minutes_billable=minutes)
    return timesheet(external_id=f"TS-{number}", entries=(row,))


def _request(*cases, **said):
    named = tuple(BulkCase(case_id=one.id, version=one.version) for one in cases)
    return BulkRequest(cases=named, **(APPROVE | said))


def _preview(workplace, request, actor=REVIEWER):
    return workplace.run(
        lambda uow: preview_bulk(request, actor=actor, context=workplace.context(uow))
    )


def _decide(workplace, request, actor=REVIEWER):
    return workplace.run(
        lambda uow: decide_bulk(request, actor=actor, context=workplace.context(uow))
    )


def _revert(workplace, bulk_id, actor=REVIEWER):
    return workplace.run(
        lambda uow: revert_bulk(
            bulk_id,
            actor=actor,
            uow=uow,
            undo_window=workplace.undo_window,
            now=workplace.clock.now(),
        )
    )


def test_cases_are_decided_together_under_one_name_and_one_reason(workplace, shown):
    cases = [shown(_sheet(number)) for number in range(3)]
    answer = _decide(workplace, _request(*cases, note="checked with the client"))
    assert (answer.included, [row.is_included for row in answer.rows]) == (3, [True] * 3)
    for case in cases:
        assert workplace.case(case.id).status is CaseStatus.DECIDED
        decision = workplace.run(lambda uow, case=case: uow.decisions.last_of_case(case.id))
        assert (decision.bulk_id, decision.note) == (answer.bulk_id, "checked with the client")
        assert [one.decision_id for one in workplace.postings(case.item_id)] == [decision.id]
    (told,) = workplace.audited(AuditEvent.BULK_DECIDED)
    assert told["facts"]["cases"] == [case.id for case in cases]


def test_the_preview_says_what_the_bulk_does(workplace, shown):
    cases = [shown(_sheet(number)) for number in range(2)]
    preview = _preview(workplace, _request(*cases))
    assert preview.total_minor == {"EUR": sum(case.amount_minor for case in cases)}
    assert workplace.case(cases[0].id) == cases[0]
    answer = _decide(workplace, _request(*cases))
    assert (preview.rows, preview.included) == (answer.rows, answer.included)


def _whys(workplace, request, actor=REVIEWER):
    return [row.why_not or "" for row in _preview(workplace, request, actor).rows]


def test_what_cannot_be_decided_together_is_left_out_with_its_reason(workplace, shown):
    good, held_by_other = shown(_sheet(1)), shown(_sheet(2))
    workplace.claim(held_by_other.id, COLLEAGUE)
    unseen = workplace.open_case(_sheet(3))
    stale = replace(shown(_sheet(4)), version=1)
    done = workplace.case(workplace.decided(_sheet(5)).case_id)
    large = shown(milestone(amount_minor=60_000_00))
    unready = shown(milestone(external_id="MS-2", is_ready_to_bill=False))
    missing = replace(good, id="C-999999")
    request = _request(good, held_by_other, unseen, stale, done, large, unready, missing, good)
    whys = _whys(workplace, request)
    expected = ("", "colleague is working", "not opened", "has changed", "It is decided",
                "second person", "does not fit", "no such case", "named twice")  # fmt: skip
    assert all(part in why for part, why in zip(expected, whys, strict=True))
    answer = _decide(workplace, request)
    assert answer.included == 1
    assert workplace.case(large.id) == large


def test_a_bulk_never_passes_the_four_eyes_of_a_trainee(workplace, shown):
    trainee = replace(REVIEWER, is_trainee=True)
    request = _request(shown(_sheet(1)))
    assert "in training" in _whys(workplace, request, trainee)[0]
    with pytest.raises(InvalidRequestError, match="none of them"):
        _decide(workplace, request, trainee)


def test_what_lies_behind_a_wall_is_not_there(workplace, shown):
    walled = replace(REVIEWER, wall=Wall(client_ids=frozenset({"other"})))
    row = _preview(workplace, _request(shown(_sheet(1))), walled).rows[0]
    assert (row.title, row.amount_minor, row.currency) == (row.case_id, 0, "")
    assert "no such case" in row.why_not


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (ReviewPolicy(bulk_most_cases=2), "At most 2 cases"),
        (ReviewPolicy(bulk_most_major=250), "more than 250 EUR"),
    ],
)
def test_a_bulk_stays_within_the_limits_of_the_policy(workplace, shown, monkeypatch, policy, why):
    monkeypatch.setattr("service.store.policies.SqlPolicyStore.in_force", lambda _self: policy)
    cases = [shown(_sheet(number)) for number in range(3)]
    assert sum(case.amount_minor for case in cases[:2]) <= 250_00
    assert [bool(one) for one in _whys(workplace, _request(*cases))] == [False, False, True]
    assert why in _whys(workplace, _request(*cases))[2]


def test_a_case_that_asks_for_ones_own_call_is_left_out_of_a_bulk(workplace, shown, monkeypatch):
    asking = ReviewPolicy(own_call_major=0)
    monkeypatch.setattr("service.store.policies.SqlPolicyStore.in_force", lambda _self: asking)
    case = shown(_sheet(1))
    assert "asks for your own call first" in _whys(workplace, _request(case))[0]


def test_verdicts_that_need_figures_or_other_reasons_are_refused_as_a_whole(workplace, shown):
    case = shown(_sheet(1))
    adjust = _request(case, verdict=Verdict.ADJUST, reason_codes=(ReasonCode.OVER_LIMIT,))
    with pytest.raises(InvalidRequestError, match="one by one"):
        _preview(workplace, adjust)
    with pytest.raises(InvalidRequestError, match="no reason to reject"):
        _preview(workplace, _request(case, verdict=Verdict.REJECT))


def test_a_bulk_is_taken_back_as_a_whole(workplace, shown):
    cases = [shown(_sheet(number)) for number in range(3)]
    answer = _decide(workplace, _request(*cases))
    workplace.clock.forward(seconds=29)
    _revert(workplace, answer.bulk_id)
    for case in cases:
        assert workplace.case(case.id).status is CaseStatus.OPEN
        (posting,) = workplace.postings(case.item_id)
        assert posting.status is PostingStatus.CANCELLED
    assert len(workplace.audited(AuditEvent.BULK_REVERTED)) == 1
    _revert(workplace, answer.bulk_id)
    assert len(workplace.audited(AuditEvent.BULK_REVERTED)) == 1


def test_what_was_undone_by_itself_stays_so_when_the_bulk_goes(workplace, shown):
    cases = [shown(_sheet(number)) for number in range(2)]
    answer = _decide(workplace, _request(*cases))
    alone = workplace.run(lambda uow: uow.decisions.last_of_case(cases[0].id))
    workplace.undo(alone)
    _revert(workplace, answer.bulk_id)
    assert len(workplace.audited(AuditEvent.DECISION_UNDONE)) == 2


def test_a_bulk_is_not_taken_back_late_or_by_others(workplace, shown):
    answer = _decide(workplace, _request(shown(_sheet(1))))
    with pytest.raises(NotFoundError):
        _revert(workplace, answer.bulk_id, COLLEAGUE)
    workplace.clock.forward(seconds=30)
    with pytest.raises(TooLateError):
        _revert(workplace, answer.bulk_id)


@pytest.mark.parametrize(
    "who", [AUDITOR, WORKFLOW, Actor(id="adam", name="Adam", roles=frozenset({Role.ADMIN}))]
)
def test_only_who_decides_decides_in_bulk(workplace, shown, who):
    request = _request(shown(_sheet(1)))
    with pytest.raises(NotAllowedError):
        workplace.run(lambda uow: decide_bulk(request, actor=who, context=workplace.context(uow)))


def test_verdicts_of_a_bulk_teach_nothing(workplace, shown):
    case = shown(_sheet(1))
    _decide(workplace, _request(case))
    rows = workplace.run(
        lambda uow: export_training_set(
            uow=uow, until=workplace.clock.now(), rater_of=str, cut_off_day=10
        )
    )
    assert not any(row.answers for row in rows)
