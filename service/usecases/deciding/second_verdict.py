"""Give the second verdict on a decision over large money, without knowing the first one."""

from __future__ import annotations

from dataclasses import replace

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, CaseStatus, Role
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.errors import InTrainingError, NotAllowedError, WrongStateError
from service.domain.four_eyes import agrees, may_be_second
from service.ports.deciding_stores import Signature
from service.ports.engine import DecisionContext
from service.usecases.approvals.plan_approvals import plan_approvals
from service.usecases.deciding.let_stand import let_stand
from service.usecases.deciding.weigh_verdict import require_final, weigh_verdict
from service.usecases.deciding.write_decision import Standing, decision_entry, new_decision
from service.usecases.queue.see_case import see_case
from service.usecases.telling.tell import tell_third_needed
from service.wire.deciding import SecondVerdictRequest


def second_verdict(
    case_id: str, request: SecondVerdictRequest, *, actor: Actor, context: DecisionContext
) -> Decision:
    """Store a second person's own verdict: agreement ends the case, disagreement asks a third.

    Raises NotAllowedError for the person who decided: four eyes are two people; InTrainingError for
    a trainee, whose own verdicts need a second person.
    """
    uow = context.uow
    # 1. Another approver, on a case that waits for one, as it was shown.
    actor.require_role(Role.APPROVER)
    case = see_case(case_id, actor=actor, uow=uow)
    if not may_be_second(actor, policy=uow.policies.in_force()):
        raise InTrainingError(case_id)
    first = _awaited(case, context=context)
    if first.actor_id == actor.id:
        raise NotAllowedError("a second person: nobody gives both verdicts on a case")
    case.checked_version(request.version)
    # 2. The verdict makes sense by itself, and would end the case.
    require_final(request.verdict, why="a second verdict ends the case")
    stored = uow.items.version(case.item_seq)
    money = weigh_verdict(request, stored, actor=actor, uow=uow)
    # 3. Append it, and what it means for the first.
    standing = Standing(supersedes_id=first.supersedes_id, signs_id=first.id)
    second = new_decision(case, request, money, standing=standing, actor=actor, context=context)
    is_agreed = agrees(first, second)
    uow.decisions.add(second)
    uow.decisions.add_signature(
        Signature(
            decision_id=first.id,
            decider_id=first.actor_id,
            approver_id=actor.id,
            is_approved=is_agreed,
            at=context.now,
        )
    )
    plan_approvals(second, case, context=context)
    entry = decision_entry(AuditEvent.SECOND_SIGNATURE_GIVEN, second)
    uow.audit.record(replace(entry, facts={**entry.facts, "is_agreed": is_agreed}))
    # 4. What both said stands; where they differ, a third person says what does.
    step = "decided by a second person"
    if is_agreed:
        let_stand(first, case, stored, step=step, context=context)
    else:
        uow.cases.save(case.moved_on(CaseStatus.AWAITING_ADJUDICATION, step=step))
        judges = frozenset({first.actor_id, actor.id})
        tell_third_needed(case, judges=judges, uow=uow, now=context.now)
    return second


def _awaited(case: Case, *, context: DecisionContext) -> Decision:
    """The decision that waits for a second person."""
    first = context.uow.decisions.last_of_case(case.id)
    if first is None or case.status is not CaseStatus.AWAITING_SIGNATURE:
        raise WrongStateError(case.id, status=case.status, step="decided by a second person")
    return first
