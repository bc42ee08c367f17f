"""Items deleted at their source: they count no longer, and a bill that has left comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, PostingStatus
from service.domain.errors import NotFoundError
from service.domain.wall import OPEN_WALL
from service.ports.stores import FactKind
from service.usecases.assessing.withdraw_item import withdraw_item
from tests.builders.items import timesheet, week
from tests.builders.service import WORKFLOW
from tests.fakes.scorer import CHECK


def _withdraw(workplace, item_id="test:TS-1"):
    return workplace.run(
        lambda uow: withdraw_item(
            item_id,
            reason="deleted in the time tool",
            actor=WORKFLOW,
            uow=uow,
            now=workplace.clock.now(),
        )
    )


def _facts(workplace, kind):
    return [one for one in workplace.run(lambda uow: uow.facts.since(0)) if one.kind is kind]


def _post(workplace, item_id="test:TS-1"):
    (posting,) = workplace.postings(item_id)
    done = replace(posting, status=PostingStatus.DONE, document_id="INV-7")
    workplace.run(lambda uow: uow.postings.save(done))


def test_its_case_is_closed_and_the_trail_says_why(workplace):
    case = workplace.open_case(timesheet())
    said = _withdraw(workplace)
    assert workplace.case(case.id).status is CaseStatus.CLOSED
    assert (said.posting_id, said.case_id) == (None, None)
    (entry,) = workplace.audited(AuditEvent.ITEM_WITHDRAWN)
    assert entry["facts"]["reason"] == "deleted in the time tool"
    assert entry["actor"] == "key-1"
    assert len(_facts(workplace, FactKind.ITEM_WITHDRAWN)) == 1


def test_a_bill_that_has_not_left_never_leaves(workplace):
    decision = workplace.decided(timesheet())
    _withdraw(workplace)
    (posting,) = workplace.postings("test:TS-1")
    assert posting.status is PostingStatus.CANCELLED
    assert [one.subject_id for one in _facts(workplace, FactKind.BILL_WITHDRAWN)] == [posting.id]
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED


def test_a_bill_that_has_left_comes_before_a_person(workplace):
    workplace.decided(timesheet())
    workplace.clock.forward(seconds=60)
    _post(workplace)
    said = _withdraw(workplace)
    opened = workplace.case(said.case_id)
    assert (opened.status, opened.lane) == (CaseStatus.OPEN, Lane.RETURNED)
    assert opened.title.startswith("Deleted at the source after it was billed (INV-7): ")
    assert workplace.postings("test:TS-1")[0].status is PostingStatus.DONE


def test_withdrawing_twice_is_withdrawing_once(workplace):
    workplace.open_case(timesheet())
    first = _withdraw(workplace)
    workplace.clock.forward(seconds=60)
    assert _withdraw(workplace) == first
    assert len(workplace.audited(AuditEvent.ITEM_WITHDRAWN)) == 1


def test_what_was_never_received_cannot_be_withdrawn(workplace):
    with pytest.raises(NotFoundError, match="test:other"):
        _withdraw(workplace, "test:other")


def test_the_same_content_sent_again_stays_withdrawn_and_a_new_version_brings_it_back(workplace):
    workplace.open_case(timesheet())
    _withdraw(workplace)
    assert workplace.assess(timesheet()).unchanged == 1
    workplace.scorer.says("test:TS-1", **CHECK)
    answer = workplace.assess(timesheet(entries=week(of="TS-1", minutes_worked=420)))
    assert answer.assessed == 1
    first, second = workplace.screens.item_versions("test:TS-1", wall=OPEN_WALL).versions
    assert (first.version, first.is_superseded) == (1, True)
    assert first.withdrawn_at is not None
    assert (second.version, second.is_superseded, second.withdrawn_at) == (2, False, None)
    assert second.assessment_id == answer.results[0].assessment.id
