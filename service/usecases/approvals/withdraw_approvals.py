"""Withdraw requests for approval once what was to be approved stands no longer."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import ApprovalStatus, AuditEvent
from service.domain.actor import POLICY
from service.ports.stores import UnitOfWork
from service.usecases.approvals.ask_approvers import approval_entry


def withdraw_approvals(
    case_id: str, *, uow: UnitOfWork, now: datetime, but_of: str | None = None
) -> None:
    """End every request of a case that waits, except those of one decision."""
    for one in uow.approvals.waiting_of_case(case_id):
        if one.decision_id == but_of:
            continue
        uow.approvals.save(one.settled(ApprovalStatus.WITHDRAWN, now=now))
        if one.opened_at is not None:
            uow.audit.record(
                approval_entry(AuditEvent.APPROVAL_WITHDRAWN, one, actor_id=POLICY.id, now=now)
            )
