"""Let a decision stand that nobody contests: it takes effect, or waits for named people's yes."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.approval import Approval
from service.domain.case import Case
from service.ports.engine import DecisionContext
from service.ports.stores import StoredItem
from service.usecases.approvals.ask_approvers import approval_entry, ask_approvers
from service.usecases.approvals.withdraw_approvals import withdraw_approvals
from service.usecases.deciding.take_effect import take_effect


def let_stand(
    decision: Decision, case: Case, stored: StoredItem, *, step: str, context: DecisionContext
) -> None:
    """Move the case on and let the decision take effect, or ask whoever must approve it first.

    What was planned for another decision on the case is asked of nobody.
    """
    uow = context.uow
    withdraw_approvals(case.id, but_of=decision.id, uow=uow, now=context.now)
    planned = uow.approvals.waiting_of_case(case.id)
    if not planned:
        uow.cases.save(case.moved_on(CaseStatus.DECIDED, step=step))
        take_effect(decision, case, stored, context=context)
        return
    moved = case.moved_on(CaseStatus.AWAITING_APPROVAL, step=step)
    uow.cases.save(moved)
    for one in planned:
        _open(one, moved, context=context)


def _open(planned: Approval, case: Case, *, context: DecisionContext) -> None:
    uow, now = context.uow, context.now
    opened = planned.opened(now=now)
    uow.approvals.save(opened)
    uow.audit.record(
        approval_entry(AuditEvent.APPROVAL_ASKED, opened, actor_id=opened.decider_id, now=now)
    )
    ask_approvers(opened, case, uow=uow, now=now)
