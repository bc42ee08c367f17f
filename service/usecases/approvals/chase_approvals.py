"""What time does to requests for approval: people are reminded, and the next ones asked too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, NotificationKind
from service.domain.actor import POLICY
from service.domain.approval import Approval
from service.ports.stores import UnitOfWork
from service.usecases.approvals.ask_approvers import approval_entry, ask_approvers

MOST_AT_ONCE = 200
"""Of each kind in one run: the writer is held for moments only, and the rest comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased:
    """How many requests a run moved."""

    escalated: int
    reminded: int


def chase_approvals(*, uow: UnitOfWork, now: datetime) -> Chased:
    """Escalate what nobody answered in time, and remind; a second run at once moves nothing.

    Nothing is ever approved or refused by time.
    """
    overdue = uow.approvals.overdue(now=now, limit=MOST_AT_ONCE)
    for one in overdue:
        escalated = one.escalated(now=now)
        uow.approvals.save(escalated)
        role = escalated.terms.rule.escalate_to
        uow.audit.record(
            approval_entry(
                AuditEvent.APPROVAL_ESCALATED, escalated, actor_id=POLICY.id, now=now, to=role
            )
        )
        _tell(escalated, kind=NotificationKind.CASE_LATE, uow=uow, now=now)
    late = uow.approvals.to_remind(now=now, limit=MOST_AT_ONCE)
    for one in late:
        uow.approvals.save(one.reminded(now=now))
        _tell(one, kind=NotificationKind.APPROVAL_NEEDED, uow=uow, now=now)
    return Chased(escalated=len(overdue), reminded=len(late))


def _tell(approval: Approval, *, kind: NotificationKind, uow: UnitOfWork, now: datetime) -> None:
    case = uow.cases.get(approval.case_id)
    if case is not None:
        ask_approvers(approval, case, uow=uow, now=now, kind=kind)
