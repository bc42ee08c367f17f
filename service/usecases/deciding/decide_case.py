"""Decide a case: store the verdict, and start what follows from it in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, CaseStatus, Role, Verdict
from service.domain.actor import Actor
from service.domain.case import Case
from service.ports.engine import DecisionContext
from service.usecases.approvals.plan_approvals import plan_approvals
from service.usecases.deciding.let_stand import let_stand
from service.usecases.deciding.weigh_verdict import weigh_verdict
from service.usecases.deciding.write_decision import Standing, decision_entry, new_decision
from service.usecases.queue.see_case import see_case
from service.usecases.telling.tell import tell_second_needed
from service.wire.cases import DecisionRequest
from service.wire.verdicts import SpokenVerdict

_SENT_ON: Mapping[Verdict, CaseStatus] = {
    Verdict.REQUEST_INFORMATION: CaseStatus.AWAITING_INFORMATION,
    Verdict.ESCALATE: CaseStatus.ESCALATED,
}


def decide_case(
    case_id: str,
    request: DecisionRequest,
    *,
    actor: Actor,
    context: DecisionContext,
) -> Decision:
    """Store a verdict under a lease; nothing leaves before the undo window is over.

    Raises StaleLeaseError or StaleVersionError when the caller no longer holds what was shown.
    """
    # 1. The actor may decide, holds the case, and decides on what was shown.
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    case = see_case(case_id, actor=actor, uow=context.uow)
    case.checked_lease(token=request.lease_token, owner_id=actor.id, now=context.now)
    case.checked_version(request.version)
    # 2. What was held is decided.
    return settle_case(case, request, actor=actor, context=context)


def settle_case(
    case: Case,
    spoken: SpokenVerdict,
    *,
    actor: Actor,
    context: DecisionContext,
    bulk_id: str | None = None,
) -> Decision:
    """Store a verdict on a case that its actor holds, and move the case on."""
    uow = context.uow
    # 1. The verdict makes sense: reasons fit it, and an adjustment says what is billed.
    stored = uow.items.version(case.item_seq)
    money = weigh_verdict(spoken, stored, actor=actor, uow=uow)
    # 2. Append the decision.
    earlier = uow.decisions.last_of_case(case.id)
    standing = Standing(supersedes_id=earlier.id if earlier else None, bulk_id=bulk_id)
    decision = new_decision(case, spoken, money, standing=standing, actor=actor, context=context)
    uow.decisions.add(decision)
    plan_approvals(decision, case, context=context)
    uow.audit.record(decision_entry(AuditEvent.CASE_DECIDED, decision))
    # 3. Large money waits for a second person; what ends the case stands, all else is sent on.
    if decision.needs_second:
        uow.cases.save(case.moved_on(CaseStatus.AWAITING_SIGNATURE, step="decided"))
        tell_second_needed(case, by_id=actor.id, uow=uow, now=context.now)
    elif spoken.verdict in _SENT_ON:
        uow.cases.save(case.moved_on(_SENT_ON[spoken.verdict], step="decided"))
    else:
        let_stand(decision, case, stored, step="decided", context=context)
    return decision
