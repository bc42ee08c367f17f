"""Keeping a case, giving it back, and looking at it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.errors import NotAllowedError, NotFoundError, StaleLeaseError
from service.usecases.queue.expose_case import view_case
from service.usecases.queue.hold_case import extend_lease
from tests.builders.items import timesheet
from tests.builders.service import AUDITOR, COLLEAGUE, REVIEWER, never


def _extend(workplace, case, *, actor=REVIEWER, token=None):
    return workplace.run(
        lambda uow: extend_lease(
            case.id,
            token=case.lease_token if token is None else token,
            actor=actor,
            uow=uow,
            now=workplace.clock.now(),
        )
    )


@pytest.fixture
def claimed(workplace):
    return workplace.claim(workplace.open_case(timesheet()).id)


def test_extending_holds_for_ten_minutes_from_now_without_a_new_version(workplace, claimed):
    workplace.clock.forward(minutes=4)
    longer = _extend(workplace, claimed)
    assert longer.lease.expires_at == workplace.clock.now() + timedelta(minutes=10)
    assert longer.version == claimed.version
    assert workplace.decide(claimed).case_id == claimed.id


def test_a_lease_that_ran_out_is_not_extended(workplace, claimed):
    workplace.clock.forward(minutes=30)
    with pytest.raises(StaleLeaseError):
        _extend(workplace, claimed)


def test_a_case_given_back_is_free_for_a_colleague(workplace, claimed):
    workplace.release(claimed)
    assert workplace.case(claimed.id).status is CaseStatus.OPEN
    assert workplace.claim_next(COLLEAGUE)[0].id == claimed.id
    with pytest.raises(StaleLeaseError):
        workplace.release(claimed)
    assert len(workplace.audited(AuditEvent.CASE_RELEASED)) == 1


def test_a_colleague_cannot_extend_or_give_back(workplace, claimed):
    with pytest.raises(StaleLeaseError):
        _extend(workplace, claimed, actor=COLLEAGUE)
    with pytest.raises(StaleLeaseError):
        workplace.release(claimed, COLLEAGUE)
    with pytest.raises(NotAllowedError):
        _extend(workplace, claimed, actor=AUDITOR)


def _look(workplace, case_id, actor=AUDITOR):
    return workplace.run(
        lambda uow: view_case(case_id, actor=actor, uow=uow, coin=never, now=workplace.clock.now())
    )


def test_a_look_is_written_down_once_and_changes_nothing(workplace, claimed):
    before = len(workplace.audited(AuditEvent.CASE_VIEWED))
    for _ in range(3):
        _look(workplace, claimed.id)
    seen = workplace.audited(AuditEvent.CASE_VIEWED)[before:]
    assert [(one["actor"], one["subject"]) for one in seen] == [(AUDITOR.id, claimed.id)]
    assert workplace.case(claimed.id) == claimed


def test_a_look_at_nothing_is_refused(workplace):
    with pytest.raises(NotFoundError):
        _look(workplace, "C-000009")
