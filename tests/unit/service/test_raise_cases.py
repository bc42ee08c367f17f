"""A newer version of an item joins the case that is open on it."""

from __future__ import annotations

import pytest

from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, ReasonCode, Verdict
from service.domain.errors import ConflictError
from service.domain.talk import Comment
from tests.builders.items import milestone, timesheet, week
from tests.builders.service import APPROVER, REVIEWER
from tests.fakes.scorer import CHECK, CLEAR, HOLD


def _newer(**overrides):
    """The default timesheet with Friday taken out."""
    return timesheet(entries=week()[:4], **overrides)


def test_a_newer_version_goes_on_in_the_same_case_and_before_others(workplace):
    old = workplace.open_case(timesheet(entries=week()))
    workplace.open_case(timesheet(external_id="TS-2"))
    new = workplace.open_case(_newer())
    assert (new.id, new.version) == (old.id, old.version + 1)
    assert new.assessment_id != old.assessment_id
    assert new.amount_minor == _newer().amount_minor
    assert workplace.claim_next()[0].id == old.id
    (raised,) = workplace.audited(AuditEvent.CASE_RAISED)
    assert (raised["subject"], raised["facts"]["before"]) == (old.id, old.assessment_id)


def test_whoever_held_it_is_told_that_it_has_changed(workplace):
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    workplace.assess(_newer())
    raised = workplace.case(claimed.id)
    assert (raised.status, raised.lease) == (CaseStatus.OPEN, None)
    with pytest.raises(ConflictError):
        workplace.decide(claimed)
    again = workplace.claim(claimed.id)
    assert again.lease_token > claimed.lease_token


def test_what_was_said_in_it_stays(workplace):
    opened = workplace.open_case(timesheet())
    comment = Comment(
        id="com-1", case_id=opened.id, author_id="rita", text="Ask Mia.", mentioned_ids=(),
        at=workplace.clock.now(),
    )  # fmt: skip
    workplace.run(lambda uow: uow.talk.add_comment(comment))
    workplace.assess(_newer())
    said = workplace.run(lambda uow: uow.talk.comments(opened.id, after="", limit=10))
    assert [one.text for one in said] == ["Ask Mia."]


def test_a_newer_version_that_nobody_is_asked_about_closes_the_case(workplace):
    opened = workplace.open_case(timesheet())
    workplace.scorer.says("test:TS-1", **CLEAR)
    result = workplace.assess(_newer()).results[0]
    assert result.case_id is None
    assert workplace.case(opened.id).status is CaseStatus.CLOSED
    assert len(workplace.postings("test:TS-1")) == 1


def test_a_second_opinion_that_waits_is_not_given_on_what_is_gone(workplace):
    large = workplace.decided(milestone(amount_minor=60_000_00))
    workplace.assess(milestone(amount_minor=61_000_00))
    assert workplace.case(large.case_id).status is CaseStatus.OPEN
    with pytest.raises(ConflictError):
        workplace.sign(large)
    workplace.claim(large.case_id, APPROVER)


def test_an_escalated_case_stays_with_whom_it_was_escalated_to(workplace):
    claimed = workplace.claim(workplace.open_case(timesheet()).id)
    workplace.decide(claimed, verdict=Verdict.ESCALATE, reason_codes=(ReasonCode.OVER_LIMIT,))
    workplace.assess(_newer())
    assert workplace.case(claimed.id).status is CaseStatus.ESCALATED
    assert workplace.claim_next(REVIEWER) == []


def test_a_held_item_whose_newer_version_is_asked_about_comes_to_people(workplace):
    held = workplace.open_case(timesheet(), **HOLD)
    workplace.scorer.says("test:TS-1", violation_probability=0.4)
    opened = workplace.open_case(_newer())
    assert (opened.id, opened.status) == (held.id, CaseStatus.OPEN)


def test_a_newer_version_drawn_for_a_check_is_a_check(workplace):
    opened = workplace.open_case(timesheet())
    checked = workplace.open_case(_newer(), **CHECK)
    assert (checked.id, checked.lane) == (opened.id, Lane.AUDIT)
    assert checked.propensity < 1.0
