"""Undoing: one's own decision, while nothing has left and nobody else has the case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.vocabulary import (
    REASONS_BY_VERDICT,
    AuditEvent,
    CaseStatus,
    PostingStatus,
    Verdict,
)
from service.domain.errors import NotFoundError, TooLateError
from service.ports.stores import FactKind
from tests.builders.items import milestone, timesheet, week
from tests.builders.service import APPROVER, COLLEAGUE
from tests.fakes.scorer import CHECK, HOLD


def _conclude(workplace, decision):
    return workplace.conclude(decision)


def _facts(workplace, kind):
    return [one for one in workplace.run(lambda uow: uow.facts.since(0)) if one.kind is kind]


def test_an_undone_approval_bills_nothing_and_the_case_waits_again(workplace):
    decision = workplace.decided(timesheet())
    workplace.clock.forward(seconds=29.999)
    workplace.undo(decision)
    case = workplace.case(decision.case_id)
    assert (case.status, case.lease) == (CaseStatus.OPEN, None)
    (posting,) = workplace.postings("test:TS-1")
    assert posting.status is PostingStatus.CANCELLED
    assert _conclude(workplace, decision) is None
    assert _facts(workplace, FactKind.VERDICT) == []
    assert [one.subject_id for one in _facts(workplace, FactKind.BILL_WITHDRAWN)] == [posting.id]
    (undone,) = workplace.audited(AuditEvent.DECISION_UNDONE)
    assert undone["facts"] == {"decision": decision.id}


def test_the_window_ends_to_the_microsecond(workplace):
    decision = workplace.decided(timesheet())
    workplace.clock.forward(seconds=30)
    with pytest.raises(TooLateError, match="The 30 seconds"):
        workplace.undo(decision)
    assert workplace.postings("test:TS-1")[0].status is PostingStatus.PENDING


def test_undoing_twice_is_undoing_once(workplace):
    decision = workplace.decided(timesheet())
    workplace.undo(decision)
    before = workplace.case(decision.case_id)
    workplace.clock.forward(minutes=5)
    assert workplace.undo(decision) == decision
    assert workplace.case(decision.case_id) == before
    assert len(workplace.audited(AuditEvent.DECISION_UNDONE)) == 1


@pytest.mark.parametrize("actor", [COLLEAGUE, APPROVER])
def test_somebody_elses_decision_is_not_to_be_seen(workplace, actor):
    decision = workplace.decided(timesheet())
    with pytest.raises(NotFoundError):
        workplace.undo(decision, actor)


def test_an_undone_decision_leaves_room_for_another(workplace):
    first = workplace.decided(timesheet())
    workplace.undo(first)
    second = workplace.decide(workplace.claim(first.case_id))
    assert second.supersedes_id is None
    statuses = [one.status for one in workplace.postings("test:TS-1")]
    assert sorted(statuses) == [PostingStatus.CANCELLED, PostingStatus.PENDING]


def test_only_the_last_decision_can_be_undone(workplace):
    first = workplace.decided(
        timesheet(),
        verdict=Verdict.ESCALATE,
        reason_codes=REASONS_BY_VERDICT[Verdict.ESCALATE][:1],
    )
    workplace.decide(workplace.claim(first.case_id, APPROVER), APPROVER)
    with pytest.raises(TooLateError):
        workplace.undo(first)


@pytest.mark.parametrize("verdict", [Verdict.ESCALATE, Verdict.REQUEST_INFORMATION])
def test_undo_takes_a_case_out_of_nobodys_hands(workplace, verdict):
    decision = workplace.decided(
        timesheet(), verdict=verdict, reason_codes=REASONS_BY_VERDICT[verdict][:1]
    )
    theirs = workplace.claim(decision.case_id, COLLEAGUE)
    with pytest.raises(TooLateError, match="has moved on"):
        workplace.undo(decision)
    assert workplace.case(decision.case_id) == theirs


def test_a_decision_that_waits_for_a_signature_can_be_undone(workplace):
    decision = workplace.decided(milestone(amount_minor=60_000_00))
    workplace.undo(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.OPEN


def test_a_decision_on_a_superseded_version_stands(workplace):
    decision = workplace.decided(milestone(amount_minor=60_000_00))
    workplace.assess(milestone(amount_minor=61_000_00))
    with pytest.raises(TooLateError):
        workplace.undo(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.OPEN


def test_a_posting_that_left_cannot_be_called_back(workplace):
    decision = workplace.decided(timesheet(entries=week()[:1]))
    posting = workplace.postings("test:TS-1")[0]
    workplace.run(lambda uow: uow.postings.save(replace(posting, status=PostingStatus.DONE)))
    with pytest.raises(TooLateError, match="has left already"):
        workplace.undo(decision)
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED


@pytest.mark.parametrize(("said", "status"), [(HOLD, CaseStatus.HELD), (CHECK, CaseStatus.OPEN)])
def test_an_undone_case_goes_back_where_it_waited(workplace, said, status):
    case = workplace.open_case(timesheet(), **said)
    decision = workplace.decide(workplace.claim(case.id))
    workplace.undo(decision)
    assert workplace.case(case.id).status is status


def test_a_decision_concludes_once_however_often_it_is_told(workplace):
    decision = workplace.decided(timesheet())
    workplace.clock.forward(seconds=30)
    posting_id = workplace.postings("test:TS-1")[0].id
    assert [_conclude(workplace, decision) for _ in range(3)] == [posting_id] * 3
    assert [one.subject_id for one in _facts(workplace, FactKind.VERDICT)] == [decision.id]


def test_a_rejection_concludes_without_a_posting(workplace):
    decision = workplace.decided(
        timesheet(), verdict=Verdict.REJECT, reason_codes=REASONS_BY_VERDICT[Verdict.REJECT][:1]
    )
    assert _conclude(workplace, decision) is None
    assert len(_facts(workplace, FactKind.VERDICT)) == 1
